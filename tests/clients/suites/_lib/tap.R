# The Test Anything Protocol for suites in R.
#
#   check("what it shows", { … })      an error in the block fails it
#   same(got, want)                    are identical, as deparse writes them, data frames but for the names of their rows
#   fails("pattern", expression)       is an error that says so
#   done()
.tap <- new.env()
.tap$count <- 0
.tap$failed <- 0

check <- function(name, block) {
  .tap$count <- .tap$count + 1
  problem <- tryCatch({
    suppressWarnings(force(block))
    NULL
  }, error = conditionMessage)
  cat(sprintf("%s %d - %s\n", if (is.null(problem)) "ok" else "not ok", .tap$count, name))
  if (!is.null(problem)) {
    .tap$failed <- .tap$failed + 1
    cat(paste0("# ", strsplit(problem, "\n")[[1]], "\n"), sep = "")
  }
}

.written <- function(x) paste(deparse(if (is.data.frame(x)) as.list(x) else x, width.cutoff = 500), collapse = "\n")

same <- function(got, want) {
  if (.written(got) != .written(want)) stop("got  ", .written(got), "\nwant ", .written(want))
}

fails <- function(pattern, expression) {
  said <- tryCatch({
    force(expression)
    NULL
  }, error = conditionMessage)
  if (is.null(said)) stop("no error")
  if (!grepl(pattern, said)) stop(said)
}

done <- function() {
  cat(sprintf("1..%d\n", .tap$count))
  quit(status = as.integer(.tap$failed > 0))
}
