What questions ask, as Metabase writes them for PostgreSQL.

== count by minute of a timestamp
SELECT DATE_TRUNC('minute', "public"."facts"."ts") AS "ts", COUNT(*) AS "count" FROM "public"."facts" GROUP BY DATE_TRUNC('minute', "public"."facts"."ts") ORDER BY DATE_TRUNC('minute', "public"."facts"."ts") ASC

== count by hour of a timestamp
SELECT DATE_TRUNC('hour', "public"."facts"."ts") AS "ts", COUNT(*) AS "count" FROM "public"."facts" GROUP BY DATE_TRUNC('hour', "public"."facts"."ts") ORDER BY DATE_TRUNC('hour', "public"."facts"."ts") ASC

== count by day of a timestamp
SELECT CAST("public"."facts"."ts" AS date) AS "ts", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST("public"."facts"."ts" AS date) ORDER BY CAST("public"."facts"."ts" AS date) ASC

== count by week of a timestamp
SELECT (DATE_TRUNC('week', ("public"."facts"."ts" + INTERVAL '1 day')) + INTERVAL '-1 day') AS "ts", COUNT(*) AS "count" FROM "public"."facts" GROUP BY (DATE_TRUNC('week', ("public"."facts"."ts" + INTERVAL '1 day')) + INTERVAL '-1 day') ORDER BY (DATE_TRUNC('week', ("public"."facts"."ts" + INTERVAL '1 day')) + INTERVAL '-1 day') ASC

== count by month of a timestamp
SELECT DATE_TRUNC('month', "public"."facts"."ts") AS "ts", COUNT(*) AS "count" FROM "public"."facts" GROUP BY DATE_TRUNC('month', "public"."facts"."ts") ORDER BY DATE_TRUNC('month', "public"."facts"."ts") ASC

== count by quarter of a timestamp
SELECT DATE_TRUNC('quarter', "public"."facts"."ts") AS "ts", COUNT(*) AS "count" FROM "public"."facts" GROUP BY DATE_TRUNC('quarter', "public"."facts"."ts") ORDER BY DATE_TRUNC('quarter', "public"."facts"."ts") ASC

== count by year of a timestamp
SELECT DATE_TRUNC('year', "public"."facts"."ts") AS "ts", COUNT(*) AS "count" FROM "public"."facts" GROUP BY DATE_TRUNC('year', "public"."facts"."ts") ORDER BY DATE_TRUNC('year', "public"."facts"."ts") ASC

== count by second-of-minute of a timestamp
SELECT CAST(EXTRACT(second FROM "public"."facts"."ts") AS integer) AS "ts", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(EXTRACT(second FROM "public"."facts"."ts") AS integer) ORDER BY CAST(EXTRACT(second FROM "public"."facts"."ts") AS integer) ASC

== count by minute-of-hour of a timestamp
SELECT CAST(EXTRACT(minute FROM "public"."facts"."ts") AS integer) AS "ts", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(EXTRACT(minute FROM "public"."facts"."ts") AS integer) ORDER BY CAST(EXTRACT(minute FROM "public"."facts"."ts") AS integer) ASC

== count by hour-of-day of a timestamp
SELECT CAST(EXTRACT(hour FROM "public"."facts"."ts") AS integer) AS "ts", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(EXTRACT(hour FROM "public"."facts"."ts") AS integer) ORDER BY CAST(EXTRACT(hour FROM "public"."facts"."ts") AS integer) ASC

== count by day-of-week of a timestamp
SELECT CASE WHEN (MOD((CAST(EXTRACT(dow FROM "public"."facts"."ts") AS integer) + 1) + 6, 7)) = 0 THEN 7 ELSE (MOD((CAST(EXTRACT(dow FROM "public"."facts"."ts") AS integer) + 1) + 6, 7)) END AS "ts", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CASE WHEN (MOD((CAST(EXTRACT(dow FROM "public"."facts"."ts") AS integer) + 1) + 6, 7)) = 0 THEN 7 ELSE (MOD((CAST(EXTRACT(dow FROM "public"."facts"."ts") AS integer) + 1) + 6, 7)) END ORDER BY CASE WHEN (MOD((CAST(EXTRACT(dow FROM "public"."facts"."ts") AS integer) + 1) + 6, 7)) = 0 THEN 7 ELSE (MOD((CAST(EXTRACT(dow FROM "public"."facts"."ts") AS integer) + 1) + 6, 7)) END ASC

== count by day-of-month of a timestamp
SELECT CAST(EXTRACT(day FROM "public"."facts"."ts") AS integer) AS "ts", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(EXTRACT(day FROM "public"."facts"."ts") AS integer) ORDER BY CAST(EXTRACT(day FROM "public"."facts"."ts") AS integer) ASC

== count by day-of-year of a timestamp
SELECT CAST(EXTRACT(doy FROM "public"."facts"."ts") AS integer) AS "ts", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(EXTRACT(doy FROM "public"."facts"."ts") AS integer) ORDER BY CAST(EXTRACT(doy FROM "public"."facts"."ts") AS integer) ASC

== count by week-of-year of a timestamp
SELECT CAST(CEIL(((CAST(EXTRACT(doy FROM CAST((DATE_TRUNC('week', ("public"."facts"."ts" + INTERVAL '1 day')) + INTERVAL '-1 day') AS timestamp)) AS integer)) / 7.0)) AS integer) AS "ts", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(CEIL(((CAST(EXTRACT(doy FROM CAST((DATE_TRUNC('week', ("public"."facts"."ts" + INTERVAL '1 day')) + INTERVAL '-1 day') AS timestamp)) AS integer)) / 7.0)) AS integer) ORDER BY CAST(CEIL(((CAST(EXTRACT(doy FROM CAST((DATE_TRUNC('week', ("public"."facts"."ts" + INTERVAL '1 day')) + INTERVAL '-1 day') AS timestamp)) AS integer)) / 7.0)) AS integer) ASC

== count by week-of-year-iso of a timestamp
SELECT CAST(EXTRACT(week FROM "public"."facts"."ts") AS integer) AS "ts", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(EXTRACT(week FROM "public"."facts"."ts") AS integer) ORDER BY CAST(EXTRACT(week FROM "public"."facts"."ts") AS integer) ASC

== count by month-of-year of a timestamp
SELECT CAST(EXTRACT(month FROM "public"."facts"."ts") AS integer) AS "ts", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(EXTRACT(month FROM "public"."facts"."ts") AS integer) ORDER BY CAST(EXTRACT(month FROM "public"."facts"."ts") AS integer) ASC

== count by quarter-of-year of a timestamp
SELECT CAST(EXTRACT(quarter FROM "public"."facts"."ts") AS integer) AS "ts", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(EXTRACT(quarter FROM "public"."facts"."ts") AS integer) ORDER BY CAST(EXTRACT(quarter FROM "public"."facts"."ts") AS integer) ASC

== count by year-of-era of a timestamp
SELECT CAST(EXTRACT(year FROM "public"."facts"."ts") AS integer) AS "ts", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(EXTRACT(year FROM "public"."facts"."ts") AS integer) ORDER BY CAST(EXTRACT(year FROM "public"."facts"."ts") AS integer) ASC

== count by minute of a timestamp with time zone
SELECT DATE_TRUNC('minute', "public"."facts"."tstz") AS "tstz", COUNT(*) AS "count" FROM "public"."facts" GROUP BY DATE_TRUNC('minute', "public"."facts"."tstz") ORDER BY DATE_TRUNC('minute', "public"."facts"."tstz") ASC

== count by hour of a timestamp with time zone
SELECT DATE_TRUNC('hour', "public"."facts"."tstz") AS "tstz", COUNT(*) AS "count" FROM "public"."facts" GROUP BY DATE_TRUNC('hour', "public"."facts"."tstz") ORDER BY DATE_TRUNC('hour', "public"."facts"."tstz") ASC

== count by day of a timestamp with time zone
SELECT CAST("public"."facts"."tstz" AS date) AS "tstz", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST("public"."facts"."tstz" AS date) ORDER BY CAST("public"."facts"."tstz" AS date) ASC

== count by week of a timestamp with time zone
SELECT (DATE_TRUNC('week', ("public"."facts"."tstz" + INTERVAL '1 day')) + INTERVAL '-1 day') AS "tstz", COUNT(*) AS "count" FROM "public"."facts" GROUP BY (DATE_TRUNC('week', ("public"."facts"."tstz" + INTERVAL '1 day')) + INTERVAL '-1 day') ORDER BY (DATE_TRUNC('week', ("public"."facts"."tstz" + INTERVAL '1 day')) + INTERVAL '-1 day') ASC

== count by month of a timestamp with time zone
SELECT DATE_TRUNC('month', "public"."facts"."tstz") AS "tstz", COUNT(*) AS "count" FROM "public"."facts" GROUP BY DATE_TRUNC('month', "public"."facts"."tstz") ORDER BY DATE_TRUNC('month', "public"."facts"."tstz") ASC

== count by quarter of a timestamp with time zone
SELECT DATE_TRUNC('quarter', "public"."facts"."tstz") AS "tstz", COUNT(*) AS "count" FROM "public"."facts" GROUP BY DATE_TRUNC('quarter', "public"."facts"."tstz") ORDER BY DATE_TRUNC('quarter', "public"."facts"."tstz") ASC

== count by year of a timestamp with time zone
SELECT DATE_TRUNC('year', "public"."facts"."tstz") AS "tstz", COUNT(*) AS "count" FROM "public"."facts" GROUP BY DATE_TRUNC('year', "public"."facts"."tstz") ORDER BY DATE_TRUNC('year', "public"."facts"."tstz") ASC

== count by second-of-minute of a timestamp with time zone
SELECT CAST(EXTRACT(second FROM "public"."facts"."tstz") AS integer) AS "tstz", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(EXTRACT(second FROM "public"."facts"."tstz") AS integer) ORDER BY CAST(EXTRACT(second FROM "public"."facts"."tstz") AS integer) ASC

== count by minute-of-hour of a timestamp with time zone
SELECT CAST(EXTRACT(minute FROM "public"."facts"."tstz") AS integer) AS "tstz", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(EXTRACT(minute FROM "public"."facts"."tstz") AS integer) ORDER BY CAST(EXTRACT(minute FROM "public"."facts"."tstz") AS integer) ASC

== count by hour-of-day of a timestamp with time zone
SELECT CAST(EXTRACT(hour FROM "public"."facts"."tstz") AS integer) AS "tstz", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(EXTRACT(hour FROM "public"."facts"."tstz") AS integer) ORDER BY CAST(EXTRACT(hour FROM "public"."facts"."tstz") AS integer) ASC

== count by day-of-week of a timestamp with time zone
SELECT CASE WHEN (MOD((CAST(EXTRACT(dow FROM "public"."facts"."tstz") AS integer) + 1) + 6, 7)) = 0 THEN 7 ELSE (MOD((CAST(EXTRACT(dow FROM "public"."facts"."tstz") AS integer) + 1) + 6, 7)) END AS "tstz", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CASE WHEN (MOD((CAST(EXTRACT(dow FROM "public"."facts"."tstz") AS integer) + 1) + 6, 7)) = 0 THEN 7 ELSE (MOD((CAST(EXTRACT(dow FROM "public"."facts"."tstz") AS integer) + 1) + 6, 7)) END ORDER BY CASE WHEN (MOD((CAST(EXTRACT(dow FROM "public"."facts"."tstz") AS integer) + 1) + 6, 7)) = 0 THEN 7 ELSE (MOD((CAST(EXTRACT(dow FROM "public"."facts"."tstz") AS integer) + 1) + 6, 7)) END ASC

== count by day-of-month of a timestamp with time zone
SELECT CAST(EXTRACT(day FROM "public"."facts"."tstz") AS integer) AS "tstz", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(EXTRACT(day FROM "public"."facts"."tstz") AS integer) ORDER BY CAST(EXTRACT(day FROM "public"."facts"."tstz") AS integer) ASC

== count by day-of-year of a timestamp with time zone
SELECT CAST(EXTRACT(doy FROM "public"."facts"."tstz") AS integer) AS "tstz", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(EXTRACT(doy FROM "public"."facts"."tstz") AS integer) ORDER BY CAST(EXTRACT(doy FROM "public"."facts"."tstz") AS integer) ASC

== count by week-of-year of a timestamp with time zone
SELECT CAST(CEIL(((CAST(EXTRACT(doy FROM CAST((DATE_TRUNC('week', ("public"."facts"."tstz" + INTERVAL '1 day')) + INTERVAL '-1 day') AS timestamp)) AS integer)) / 7.0)) AS integer) AS "tstz", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(CEIL(((CAST(EXTRACT(doy FROM CAST((DATE_TRUNC('week', ("public"."facts"."tstz" + INTERVAL '1 day')) + INTERVAL '-1 day') AS timestamp)) AS integer)) / 7.0)) AS integer) ORDER BY CAST(CEIL(((CAST(EXTRACT(doy FROM CAST((DATE_TRUNC('week', ("public"."facts"."tstz" + INTERVAL '1 day')) + INTERVAL '-1 day') AS timestamp)) AS integer)) / 7.0)) AS integer) ASC

== count by week-of-year-iso of a timestamp with time zone
SELECT CAST(EXTRACT(week FROM "public"."facts"."tstz") AS integer) AS "tstz", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(EXTRACT(week FROM "public"."facts"."tstz") AS integer) ORDER BY CAST(EXTRACT(week FROM "public"."facts"."tstz") AS integer) ASC

== count by month-of-year of a timestamp with time zone
SELECT CAST(EXTRACT(month FROM "public"."facts"."tstz") AS integer) AS "tstz", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(EXTRACT(month FROM "public"."facts"."tstz") AS integer) ORDER BY CAST(EXTRACT(month FROM "public"."facts"."tstz") AS integer) ASC

== count by quarter-of-year of a timestamp with time zone
SELECT CAST(EXTRACT(quarter FROM "public"."facts"."tstz") AS integer) AS "tstz", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(EXTRACT(quarter FROM "public"."facts"."tstz") AS integer) ORDER BY CAST(EXTRACT(quarter FROM "public"."facts"."tstz") AS integer) ASC

== count by year-of-era of a timestamp with time zone
SELECT CAST(EXTRACT(year FROM "public"."facts"."tstz") AS integer) AS "tstz", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(EXTRACT(year FROM "public"."facts"."tstz") AS integer) ORDER BY CAST(EXTRACT(year FROM "public"."facts"."tstz") AS integer) ASC

== count by day of a date
SELECT CAST("public"."facts"."d" AS date) AS "d", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST("public"."facts"."d" AS date) ORDER BY CAST("public"."facts"."d" AS date) ASC

== count by week of a date
SELECT CAST((CAST(DATE_TRUNC('week', CAST(("public"."facts"."d" + INTERVAL '1 day') AS date)) AS date) + INTERVAL '-1 day') AS date) AS "d", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST((CAST(DATE_TRUNC('week', CAST(("public"."facts"."d" + INTERVAL '1 day') AS date)) AS date) + INTERVAL '-1 day') AS date) ORDER BY CAST((CAST(DATE_TRUNC('week', CAST(("public"."facts"."d" + INTERVAL '1 day') AS date)) AS date) + INTERVAL '-1 day') AS date) ASC

== count by month of a date
SELECT CAST(DATE_TRUNC('month', "public"."facts"."d") AS date) AS "d", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(DATE_TRUNC('month', "public"."facts"."d") AS date) ORDER BY CAST(DATE_TRUNC('month', "public"."facts"."d") AS date) ASC

== count by quarter of a date
SELECT CAST(DATE_TRUNC('quarter', "public"."facts"."d") AS date) AS "d", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(DATE_TRUNC('quarter', "public"."facts"."d") AS date) ORDER BY CAST(DATE_TRUNC('quarter', "public"."facts"."d") AS date) ASC

== count by year of a date
SELECT CAST(DATE_TRUNC('year', "public"."facts"."d") AS date) AS "d", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(DATE_TRUNC('year', "public"."facts"."d") AS date) ORDER BY CAST(DATE_TRUNC('year', "public"."facts"."d") AS date) ASC

== count by day-of-week of a date
SELECT CASE WHEN (MOD((CAST(EXTRACT(dow FROM "public"."facts"."d") AS integer) + 1) + 6, 7)) = 0 THEN 7 ELSE (MOD((CAST(EXTRACT(dow FROM "public"."facts"."d") AS integer) + 1) + 6, 7)) END AS "d", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CASE WHEN (MOD((CAST(EXTRACT(dow FROM "public"."facts"."d") AS integer) + 1) + 6, 7)) = 0 THEN 7 ELSE (MOD((CAST(EXTRACT(dow FROM "public"."facts"."d") AS integer) + 1) + 6, 7)) END ORDER BY CASE WHEN (MOD((CAST(EXTRACT(dow FROM "public"."facts"."d") AS integer) + 1) + 6, 7)) = 0 THEN 7 ELSE (MOD((CAST(EXTRACT(dow FROM "public"."facts"."d") AS integer) + 1) + 6, 7)) END ASC

== count by day-of-month of a date
SELECT CAST(EXTRACT(day FROM "public"."facts"."d") AS integer) AS "d", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(EXTRACT(day FROM "public"."facts"."d") AS integer) ORDER BY CAST(EXTRACT(day FROM "public"."facts"."d") AS integer) ASC

== count by day-of-year of a date
SELECT CAST(EXTRACT(doy FROM "public"."facts"."d") AS integer) AS "d", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(EXTRACT(doy FROM "public"."facts"."d") AS integer) ORDER BY CAST(EXTRACT(doy FROM "public"."facts"."d") AS integer) ASC

== count by week-of-year of a date
SELECT CAST(CEIL(((CAST(EXTRACT(doy FROM "public"."facts"."d") AS integer)) / 7.0)) AS integer) AS "d", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(CEIL(((CAST(EXTRACT(doy FROM "public"."facts"."d") AS integer)) / 7.0)) AS integer) ORDER BY CAST(CEIL(((CAST(EXTRACT(doy FROM "public"."facts"."d") AS integer)) / 7.0)) AS integer) ASC

== count by week-of-year-iso of a date
SELECT CAST(EXTRACT(week FROM "public"."facts"."d") AS integer) AS "d", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(EXTRACT(week FROM "public"."facts"."d") AS integer) ORDER BY CAST(EXTRACT(week FROM "public"."facts"."d") AS integer) ASC

== count by month-of-year of a date
SELECT CAST(EXTRACT(month FROM "public"."facts"."d") AS integer) AS "d", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(EXTRACT(month FROM "public"."facts"."d") AS integer) ORDER BY CAST(EXTRACT(month FROM "public"."facts"."d") AS integer) ASC

== count by quarter-of-year of a date
SELECT CAST(EXTRACT(quarter FROM "public"."facts"."d") AS integer) AS "d", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(EXTRACT(quarter FROM "public"."facts"."d") AS integer) ORDER BY CAST(EXTRACT(quarter FROM "public"."facts"."d") AS integer) ASC

== count by year-of-era of a date
SELECT CAST(EXTRACT(year FROM "public"."facts"."d") AS integer) AS "d", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(EXTRACT(year FROM "public"."facts"."d") AS integer) ORDER BY CAST(EXTRACT(year FROM "public"."facts"."d") AS integer) ASC

== count by minute of a time
SELECT MAKE_TIME(EXTRACT(HOUR FROM "public"."facts"."t")::integer, EXTRACT(MINUTE FROM "public"."facts"."t")::integer, 0.0) AS "t", COUNT(*) AS "count" FROM "public"."facts" GROUP BY MAKE_TIME(EXTRACT(HOUR FROM "public"."facts"."t")::integer, EXTRACT(MINUTE FROM "public"."facts"."t")::integer, 0.0) ORDER BY MAKE_TIME(EXTRACT(HOUR FROM "public"."facts"."t")::integer, EXTRACT(MINUTE FROM "public"."facts"."t")::integer, 0.0) ASC

== count by minute of a time with time zone
SELECT CAST(MAKE_TIME(EXTRACT(HOUR FROM "public"."facts"."ttz")::integer, EXTRACT(MINUTE FROM "public"."facts"."ttz")::integer, 0.0) AS timetz) AS "ttz", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(MAKE_TIME(EXTRACT(HOUR FROM "public"."facts"."ttz")::integer, EXTRACT(MINUTE FROM "public"."facts"."ttz")::integer, 0.0) AS timetz) ORDER BY CAST(MAKE_TIME(EXTRACT(HOUR FROM "public"."facts"."ttz")::integer, EXTRACT(MINUTE FROM "public"."facts"."ttz")::integer, 0.0) AS timetz) ASC

== count by hour of a time
SELECT MAKE_TIME(EXTRACT(HOUR FROM "public"."facts"."t")::integer, 0, 0.0) AS "t", COUNT(*) AS "count" FROM "public"."facts" GROUP BY MAKE_TIME(EXTRACT(HOUR FROM "public"."facts"."t")::integer, 0, 0.0) ORDER BY MAKE_TIME(EXTRACT(HOUR FROM "public"."facts"."t")::integer, 0, 0.0) ASC

== count by hour of a time with time zone
SELECT CAST(MAKE_TIME(EXTRACT(HOUR FROM "public"."facts"."ttz")::integer, 0, 0.0) AS timetz) AS "ttz", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(MAKE_TIME(EXTRACT(HOUR FROM "public"."facts"."ttz")::integer, 0, 0.0) AS timetz) ORDER BY CAST(MAKE_TIME(EXTRACT(HOUR FROM "public"."facts"."ttz")::integer, 0, 0.0) AS timetz) ASC

== count by second of a time
SELECT MAKE_TIME(EXTRACT(HOUR FROM "public"."facts"."t")::integer, EXTRACT(MINUTE FROM "public"."facts"."t")::integer, EXTRACT(SECOND FROM "public"."facts"."t")::double precision) AS "t", COUNT(*) AS "count" FROM "public"."facts" GROUP BY MAKE_TIME(EXTRACT(HOUR FROM "public"."facts"."t")::integer, EXTRACT(MINUTE FROM "public"."facts"."t")::integer, EXTRACT(SECOND FROM "public"."facts"."t")::double precision) ORDER BY MAKE_TIME(EXTRACT(HOUR FROM "public"."facts"."t")::integer, EXTRACT(MINUTE FROM "public"."facts"."t")::integer, EXTRACT(SECOND FROM "public"."facts"."t")::double precision) ASC

== count by second of a time with time zone
SELECT CAST(MAKE_TIME(EXTRACT(HOUR FROM "public"."facts"."ttz")::integer, EXTRACT(MINUTE FROM "public"."facts"."ttz")::integer, EXTRACT(SECOND FROM "public"."facts"."ttz")::double precision) AS timetz) AS "ttz", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(MAKE_TIME(EXTRACT(HOUR FROM "public"."facts"."ttz")::integer, EXTRACT(MINUTE FROM "public"."facts"."ttz")::integer, EXTRACT(SECOND FROM "public"."facts"."ttz")::double precision) AS timetz) ORDER BY CAST(MAKE_TIME(EXTRACT(HOUR FROM "public"."facts"."ttz")::integer, EXTRACT(MINUTE FROM "public"."facts"."ttz")::integer, EXTRACT(SECOND FROM "public"."facts"."ttz")::double precision) AS timetz) ASC

== filter: a range of dates
-- ? timestamp 2025-03-01T00:00
-- ? timestamp 2025-06-01T00:00
SELECT COUNT(*) AS "count" FROM "public"."facts" WHERE ("public"."facts"."ts" >= ?) AND ("public"."facts"."ts" < ?)

== filter: a range of instants
-- ? timestamptz 2025-03-01T00:00+01:00
-- ? timestamptz 2025-06-01T00:00+02:00
SELECT COUNT(*) AS "count" FROM "public"."facts" WHERE ("public"."facts"."tstz" >= ?) AND ("public"."facts"."tstz" < ?)

== filter: dates between
-- ? date 2025-03-01
-- ? date 2025-04-30
SELECT "public"."facts"."d" AS "d" FROM "public"."facts" WHERE "public"."facts"."d" BETWEEN ? AND ? ORDER BY "public"."facts"."d" ASC

== filter: the previous 30 days, relative to now
SELECT COUNT(*) >= 0 AS "ok" FROM "public"."facts" WHERE ("public"."facts"."ts" >= CAST((NOW() + INTERVAL '-30 day') AS date)) AND ("public"."facts"."ts" < CAST(NOW() AS date))

== filter: this quarter
SELECT COUNT(*) >= 0 AS "ok" FROM "public"."facts" WHERE ("public"."facts"."tstz" >= DATE_TRUNC('quarter', NOW())) AND ("public"."facts"."tstz" < DATE_TRUNC('quarter', (NOW() + INTERVAL '3 month')))

== filter: hour of day
SELECT "public"."facts"."id" AS "id" FROM "public"."facts" WHERE CAST(EXTRACT(hour FROM "public"."facts"."ts") AS integer) = 11 ORDER BY 1

== filter: contains
-- ? text %item 1%
SELECT "public"."facts"."s" AS "s" FROM "public"."facts" WHERE "public"."facts"."s" LIKE ? ORDER BY "public"."facts"."s" ASC

== filter: starts with
-- ? text item 3%
SELECT "public"."facts"."s" AS "s" FROM "public"."facts" WHERE "public"."facts"."s" LIKE ? ORDER BY "public"."facts"."s" ASC

== filter: ends with
-- ? text %9
SELECT "public"."facts"."s" AS "s" FROM "public"."facts" WHERE "public"."facts"."s" LIKE ? ORDER BY "public"."facts"."s" ASC

== filter: contains, not case sensitive
-- ? text %item 2%
SELECT "public"."facts"."s" AS "s" FROM "public"."facts" WHERE (LOWER("public"."facts"."s") LIKE ?) ORDER BY 1 LIMIT 5

== filter: contains what LIKE means otherwise
-- ? text %\%\_\\%
SELECT "public"."facts"."s" AS "s" FROM "public"."facts" WHERE ("public"."facts"."s" LIKE ?) ORDER BY 1 LIMIT 5

== filter: does not contain
-- ? text %3%
SELECT COUNT(*) AS "count" FROM "public"."facts" WHERE (NOT ("public"."facts"."s" LIKE ?) OR ("public"."facts"."s" IS NULL))

== filter: is empty, is null
SELECT COUNT(*) AS "count" FROM "shop"."orders" WHERE ("shop"."orders"."note" IS NULL) OR ("shop"."orders"."note" = '')

== filter: one of, uuid
-- ? uuid 00000000-0000-0000-0000-000000000012
-- ? text %0015
SELECT "public"."facts"."id" AS "id" FROM "public"."facts" WHERE ("public"."facts"."u" = ?) OR (CAST("public"."facts"."u" AS text) LIKE ?) ORDER BY 1

== filter: an address
-- ? text 10.0.0.7
SELECT "public"."facts"."ip" AS "ip" FROM "public"."facts" WHERE "public"."facts"."ip" = CAST(? AS inet)

== filter: an enum
-- ? text happy
SELECT "shop"."customers"."name" AS "name" FROM "shop"."customers" WHERE "shop"."customers"."mood" = CAST(? AS "shop"."mood")

== filter: booleans and numbers
-- ? double 3.5
-- ? int 10
-- ? numeric 12.5
SELECT COUNT(*) AS "count" FROM "public"."facts" WHERE ("public"."facts"."b" = TRUE) AND ("public"."facts"."n" > ?) AND ("public"."facts"."i" <> ?) AND ("public"."facts"."f" < ?)

== filter: segments of and, or, not
SELECT COUNT(*) AS "count" FROM "public"."facts" WHERE (("public"."facts"."i" = 1) OR ("public"."facts"."i" IN (2, 3, 5)) OR NOT ("public"."facts"."i" < 30)) AND ("public"."facts"."s" IS NOT NULL)

== join: of two tables
SELECT "shop"."orders"."id" AS "id", "shop"."orders"."note" AS "note", "Customers"."name" AS "Customers__name", "Customers"."profile" AS "Customers__profile" FROM "shop"."orders" LEFT JOIN "shop"."customers" AS "Customers" ON "shop"."orders"."customer_id" = "Customers"."id" ORDER BY "shop"."orders"."id" ASC LIMIT 1048575

== join: of four, grouped
SELECT "Customers - Customer"."mood" AS "mood", "Products"."title" AS "title", SUM("shop"."order_lines"."quantity") AS "sum", SUM(("Products"."price" * "shop"."order_lines"."quantity")) AS "total" FROM "shop"."order_lines" INNER JOIN "shop"."orders" AS "Orders" ON "shop"."order_lines"."order_id" = "Orders"."id" LEFT JOIN "shop"."customers" AS "Customers - Customer" ON "Orders"."customer_id" = "Customers - Customer"."id" LEFT JOIN "shop"."products" AS "Products" ON "shop"."order_lines"."sku" = "Products"."sku" GROUP BY "Customers - Customer"."mood", "Products"."title" ORDER BY "Customers - Customer"."mood" ASC, "Products"."title" ASC

== join: right, full, cross
SELECT COUNT(*) AS "count", COUNT("c"."id") AS "c", COUNT("o"."id") AS "o" FROM "shop"."orders" AS "o" FULL JOIN "shop"."customers" AS "c" ON "o"."customer_id" = "c"."id" CROSS JOIN (SELECT 1 AS "x") AS "q"

== join: with a question
SELECT "shop"."customers"."name" AS "name", "Question 5"."count" AS "Question 5__count" FROM "shop"."customers" INNER JOIN (SELECT "shop"."orders"."customer_id" AS "customer_id", COUNT(*) AS "count" FROM "shop"."orders" GROUP BY "shop"."orders"."customer_id" ORDER BY "shop"."orders"."customer_id" ASC) AS "Question 5" ON "shop"."customers"."id" = "Question 5"."customer_id" ORDER BY 1

== aggregation: each of them
SELECT COUNT(*) AS "count", SUM("public"."facts"."n") AS "sum", AVG("public"."facts"."n") AS "avg", COUNT(DISTINCT "public"."facts"."s") AS "distinct", MIN("public"."facts"."ts") AS "min", MAX("public"."facts"."ts") AS "max", STDDEV_POP("public"."facts"."i") AS "stddev", VAR_POP("public"."facts"."i") AS "var", PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY "public"."facts"."n") AS "median", PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY "public"."facts"."f") AS "percentile", SUM(CASE WHEN "public"."facts"."b" = TRUE THEN "public"."facts"."n" ELSE 0.0 END) AS "sum-where", CAST(SUM(CASE WHEN "public"."facts"."i" > 10 THEN 1 ELSE 0.0 END) AS DOUBLE PRECISION) / COUNT(*) AS "share", COUNT(CASE WHEN "public"."facts"."i" < 7 THEN 1 END) AS "count-where" FROM "public"."facts"

== aggregation: percentile by group
SELECT "public"."facts"."b" AS "b", PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY "public"."facts"."i") AS "p", ROUND(CAST(AVG("public"."facts"."f") AS numeric), 3) AS "a" FROM "public"."facts" GROUP BY "public"."facts"."b" HAVING COUNT(*) > 1 ORDER BY "p" DESC

== aggregation: cumulative sum and offset
SELECT "source"."m" AS "m", SUM(SUM("source"."n")) OVER (ORDER BY "source"."m" ASC ROWS UNBOUNDED PRECEDING) AS "cum", LAG(SUM("source"."n"), 1) OVER (ORDER BY "source"."m" ASC) AS "offset" FROM (SELECT DATE_TRUNC('month', "public"."facts"."ts") AS "m", "public"."facts"."n" AS "n" FROM "public"."facts") AS "source" GROUP BY "source"."m" ORDER BY "source"."m" ASC

== binning: by width
SELECT ((FLOOR((("public"."facts"."n" - 0) / 10)) * 10) + 0) AS "n", COUNT(*) AS "count" FROM "public"."facts" GROUP BY ((FLOOR((("public"."facts"."n" - 0) / 10)) * 10) + 0) ORDER BY ((FLOOR((("public"."facts"."n" - 0) / 10)) * 10) + 0) ASC

== nested: a question on a question, filtered by its aggregation
SELECT "source"."d" AS "d", "source"."count" AS "count" FROM (SELECT CAST(DATE_TRUNC('month', "public"."facts"."d") AS date) AS "d", COUNT(*) AS "count" FROM "public"."facts" GROUP BY CAST(DATE_TRUNC('month', "public"."facts"."d") AS date)) AS "source" WHERE "source"."count" > 1 ORDER BY "source"."d" ASC LIMIT 3

== expressions: text
-- ? text  - 
-- ? text [a-m]
-- ? text [0-9]+
SELECT CONCAT("public"."facts"."s", ?, "public"."facts"."i") AS "concat", SUBSTRING("public"."facts"."s", 2, 3) AS "substring", REPLACE("public"."facts"."s", 'item', 'thing') AS "replace", REGEXP_REPLACE("public"."facts"."s", ?, '', 'g') AS "regexp", SUBSTRING("public"."facts"."s" FROM ?) AS "match", UPPER("public"."facts"."s") AS "u", LENGTH("public"."facts"."s") AS "l", TRIM(BOTH FROM "public"."facts"."s") AS "trim", LTRIM("public"."facts"."s") AS "lt", RTRIM("public"."facts"."s") AS "rt", CASE WHEN 2 < 1 THEN '' ELSE SPLIT_PART("public"."facts"."s", ' ', 2) END AS "split", COALESCE(NULLIF("public"."facts"."s", 'item 1'), 'none') AS "coalesce", CAST("public"."facts"."i" AS TEXT) AS "text" FROM "public"."facts" ORDER BY "public"."facts"."id" ASC LIMIT 8

== expressions: numbers
SELECT CASE WHEN "public"."facts"."i" = 0 THEN NULL ELSE CAST("public"."facts"."n" AS DOUBLE PRECISION) / NULLIF("public"."facts"."i", 0) END AS "div", ROUND(CAST("public"."facts"."f" AS numeric), 0) AS "r", FLOOR("public"."facts"."f") AS "fl", CEIL("public"."facts"."f") AS "ce", ABS(-"public"."facts"."n") AS "abs", SQRT("public"."facts"."n") AS "sqrt", POWER("public"."facts"."i", 2) AS "pow", EXP("public"."facts"."f" / 10) AS "exp", LOG(NULLIF("public"."facts"."i", 0)) AS "log", CAST("public"."facts"."f" AS INTEGER) AS "int", ("public"."facts"."n" + "public"."facts"."i") - ("public"."facts"."f" * 2) AS "arith" FROM "public"."facts" ORDER BY "public"."facts"."id" ASC LIMIT 8

== expressions: case and boolean
-- ? int 4
-- ? text few
-- ? text even
SELECT CASE WHEN "public"."facts"."i" < ? THEN ? WHEN "public"."facts"."b" = TRUE THEN ? ELSE NULL END AS "case", ("public"."facts"."i" > 3) AND ("public"."facts"."b" = FALSE) AS "bool" FROM "public"."facts" ORDER BY "public"."facts"."id" ASC LIMIT 9

== expressions: dates added and subtracted
SELECT ("public"."facts"."ts" + INTERVAL '1 month') AS "a", ("public"."facts"."tstz" + INTERVAL '-3 hour') AS "b", CAST(("public"."facts"."d" + INTERVAL '2 week') AS date) AS "c", ("public"."facts"."ts" + INTERVAL '6 month') AS "q", ("public"."facts"."tstz" + INTERVAL '500 millisecond') AS "ms" FROM "public"."facts" ORDER BY "public"."facts"."id" ASC LIMIT 5

== expressions: differences
-- ? timestamp 2027-02-01T12:00
-- ? timestamp 2027-02-01T12:00
-- ? timestamp 2027-02-01T12:00
-- ? timestamp 2027-02-01T12:00
-- ? timestamp 2027-02-01T12:00
-- ? timestamp 2027-02-01T12:00
SELECT CAST(EXTRACT(YEAR FROM AGE(DATE_TRUNC('day', ?::timestamp), DATE_TRUNC('day', "public"."facts"."ts"))) AS integer) AS "y", CAST((EXTRACT(MONTH FROM AGE(DATE_TRUNC('day', ?::timestamp), DATE_TRUNC('day', "public"."facts"."ts"))) + (EXTRACT(YEAR FROM AGE(DATE_TRUNC('day', ?::timestamp), DATE_TRUNC('day', "public"."facts"."ts"))) * 12)) AS integer) AS "m", (CAST(?::timestamp AS DATE) - CAST("public"."facts"."ts" AS DATE)) / 7 AS "w", CAST(?::timestamp AS DATE) - CAST("public"."facts"."ts" AS DATE) AS "dd", CAST(TRUNC(EXTRACT(EPOCH FROM ?::timestamp) - EXTRACT(EPOCH FROM "public"."facts"."ts")) AS integer) / 3600 AS "h" FROM "public"."facts" ORDER BY "public"."facts"."id" ASC LIMIT 6

== expressions: time zones
SELECT TIMEZONE('Asia/Tokyo', "public"."facts"."tstz") AS "a", TIMEZONE('America/New_York', TIMEZONE('UTC', "public"."facts"."ts")) AS "b", ("public"."facts"."tstz" AT TIME ZONE 'UTC') AS "c", ("public"."facts"."ts" AT TIME ZONE 'Europe/Paris') AS "d" FROM "public"."facts" ORDER BY "public"."facts"."id" ASC LIMIT 5

== expressions: instants of numbers and text
SELECT TO_TIMESTAMP("public"."facts"."i" * 86400) AS "unix", TO_TIMESTAMP(CAST("public"."facts"."i" AS DOUBLE PRECISION) / 1000) AS "ms", TO_TIMESTAMP('20250102030405', 'YYYYMMDDHH24MISS') AS "s", CAST('2025-01-02T03:04:05Z' AS timestamp) AS "iso", CAST('2025-01-02' AS date) AS "d", CONVERT_FROM('\x32303235'::bytea, 'UTF8') AS "bytes" FROM "public"."facts" ORDER BY "public"."facts"."id" ASC LIMIT 3

== json: unfolded fields
-- ? text n
-- ? text deep
-- ? text name
-- ? text deep
-- ? text at
SELECT ("public"."facts"."j"#>> array[?]::text[])::bigint AS "j → n", ("public"."facts"."j"#>> array[?, ?]::text[])::text AS "j → deep → name", ("public"."facts"."j"#>> array[?, ?]::text[])::timestamp AS "j → deep → at", ("public"."facts"."j"#>> array['list', '1']::text[])::text AS "j → list" FROM "public"."facts" ORDER BY "j → n" DESC LIMIT 6

== json: grouped by an unfolded field
-- ? long 2
SELECT ("public"."facts"."j"#>> array['deep', 'name']::text[])::text AS "name", COUNT(*) AS "count", SUM(("public"."facts"."j"#>> array['n']::text[])::decimal) AS "sum" FROM "public"."facts" WHERE ("public"."facts"."j"#>> array['n']::text[])::bigint > ? GROUP BY "name" ORDER BY "name" ASC

== native: a variable, an optional clause, a CTE, a window
-- ? date 2025-06-01
-- ? int 20
WITH "recent" AS (SELECT * FROM facts WHERE d >= ? ) SELECT s, rank() OVER (PARTITION BY b ORDER BY n DESC) AS r, sum(n) OVER (PARTITION BY b) AS total FROM recent WHERE i > ? ORDER BY b, r LIMIT 7

== native: types that only text shows
SELECT tags, home, mood, profile, born, created_at FROM shop.customers ORDER BY id

== drill: rows of an aggregation
-- ? timestamp 2025-01-01T00:00
-- ? timestamp 2026-01-01T00:00
-- ? text low
SELECT "public"."facts"."id" AS "id", "public"."facts"."s" AS "s" FROM "public"."facts" WHERE ("public"."facts"."ts" >= ?) AND ("public"."facts"."ts" < ?) AND (CASE WHEN "public"."facts"."i" < 10 THEN 'low' ELSE 'high' END = ?) ORDER BY 1 LIMIT 2000

== search: values of a field for a filter
-- ? text %a%
SELECT "shop"."customers"."name" AS "name" FROM "shop"."customers" WHERE (LOWER("shop"."customers"."name") LIKE ?) GROUP BY "shop"."customers"."name" ORDER BY "shop"."customers"."name" ASC LIMIT 1001

== remapping: a key's name
-- ? int 1
SELECT "shop"."orders"."customer_id" AS "customer_id", "c"."name" AS "name" FROM "shop"."orders" LEFT JOIN "shop"."customers" AS "c" ON "shop"."orders"."customer_id" = "c"."id" WHERE "shop"."orders"."customer_id" = ? GROUP BY "shop"."orders"."customer_id", "c"."name" ORDER BY 1, 2
