import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Statements of a tool, with the answers that PostgreSQL gives: X.sql, and X.txt beside it, which GOLDEN_WRITE=1 writes.
 *
 * <pre>
 * == what it asks
 * -- ? TYPE VALUE       a parameter of the statement, in order
 * -- without A, B       columns that differ between servers (oids, sizes)
 * -- sorted             the statement has no order
 * SELECT …
 * </pre>
 */
final class Script {
    /** Runs a statement whose parameters are set. */
    interface Runner {
        void with(String sql, Use use) throws Exception;
    }

    interface Use {
        void statement(PreparedStatement p) throws Exception;
    }

    private static final class Step {
        String name;
        final List<String[]> parameters = new ArrayList<>();
        String[] without = {};
        boolean sorted;
        final StringBuilder sql = new StringBuilder();
    }

    /** Runs every statement of the file, each as a check, the way that the tool does. */
    static void run(Path file, Runner runner) throws IOException {
        Path answers = file.resolveSibling("testdata").resolve(file.getFileName().toString().replace(".sql", ".txt"));
        String tool = file.getFileName().toString().replace(".sql", "");
        for (Step step : parse(Files.readAllLines(file))) {
            Tap.check(tool + ": " + step.name, () -> runner.with(step.sql.toString().strip(), p -> Tap.golden(answers, step.name, answer(step, p))));
        }
    }

    /** The way of most: a connection in autocommit. */
    static Runner on(Connection c) {
        return (sql, use) -> {
            try (PreparedStatement p = c.prepareStatement(sql)) {
                use.statement(p);
            }
        };
    }

    private static List<Step> parse(List<String> lines) {
        List<Step> steps = new ArrayList<>();
        Step step = null;
        for (String line : lines) {
            if (line.startsWith("== ")) {
                step = new Step();
                step.name = line.substring(3);
                steps.add(step);
            } else if (line.startsWith("-- ? ")) {
                step.parameters.add(line.substring(5).split(" ", 2));
            } else if (line.startsWith("-- without ")) {
                step.without = line.substring(11).toUpperCase().split(", ");
            } else if (line.equals("-- sorted")) {
                step.sorted = true;
            } else if (step != null) {
                step.sql.append(line).append('\n');
            }
        }
        return steps;
    }

    private static String answer(Step step, PreparedStatement p) throws SQLException {
        for (int i = 0; i < step.parameters.size(); i++) {
            set(p, i + 1, step.parameters.get(i));
        }
        if (!p.execute()) {
            return "UPDATE " + p.getUpdateCount() + "\n";
        }
        String text;
        try (ResultSet r = p.getResultSet()) {
            text = Tap.table(r, step.without);
        }
        if (!step.sorted) {
            return text;
        }
        String[] lines = text.split("\n");
        Arrays.sort(lines, 1, lines.length);
        return String.join("\n", lines) + "\n";
    }

    private static void set(PreparedStatement p, int i, String[] typed) throws SQLException {
        String value = typed.length > 1 ? typed[1] : "";
        switch (typed[0]) {
            case "text" -> p.setString(i, value);
            case "int" -> p.setInt(i, Integer.parseInt(value));
            case "long" -> p.setLong(i, Long.parseLong(value));
            case "double" -> p.setDouble(i, Double.parseDouble(value));
            case "numeric" -> p.setBigDecimal(i, new java.math.BigDecimal(value));
            case "boolean" -> p.setBoolean(i, Boolean.parseBoolean(value));
            case "date" -> p.setObject(i, java.time.LocalDate.parse(value));
            case "timestamp" -> p.setObject(i, java.time.LocalDateTime.parse(value));
            case "timestamptz" -> p.setObject(i, java.time.OffsetDateTime.parse(value));
            case "time" -> p.setObject(i, java.time.LocalTime.parse(value));
            case "uuid" -> p.setObject(i, java.util.UUID.fromString(value));
            case "text[]" -> p.setArray(i, p.getConnection().createArrayOf("text", value.split(",")));
            default -> throw new IllegalArgumentException(typed[0]);
        }
    }
}
