import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.TreeSet;

/**
 * Metabase, which cannot be installed here: what its PostgreSQL driver does over pgjdbc, after its source
 * (metabase.driver.postgres, metabase.driver.sql-jdbc.*).
 */
public class Main {
    public static void main(String[] args) throws Exception {
        Db.sample();
        try (Connection c = Db.connect("sslmode=disable")) {
            if (Db.one(c, "SELECT to_regclass('public.uploads')") == null) {
                Db.run(c, "CREATE TABLE public.facts (id serial PRIMARY KEY, d date, t time, ttz timetz, ts timestamp, tstz timestamptz, s text, n numeric, f double precision, i int, b boolean, u uuid, ip inet, j jsonb);"
                        + "INSERT INTO public.facts (d, t, ttz, ts, tstz, s, n, f, i, b, u, ip, j)"
                        + " SELECT date '2024-12-25' + i * 17, time '01:02:03.5' + i * interval '37 min', timetz '23:10:00+00' - i * interval '1 hour', timestamp '2024-12-25 01:02:03.456' + i * interval '17 days 5 hours',"
                        + " timestamptz '2024-12-25 22:30:00+00' + i * interval '11 days 3 hours', 'item ' || i || CASE WHEN i % 3 = 0 THEN ' %_\\' ELSE '' END, i * 1.25, i / 3.0, i, i % 2 = 0,"
                        + " ('00000000-0000-0000-0000-0000000000' || (10 + i))::uuid, ('10.0.0.' || i)::inet, jsonb_build_object('n', i, 'deep', jsonb_build_object('name', 'x' || i % 3, 'at', '2025-01-0' || (1 + i % 9) || 'T10:00:00Z'), 'list', jsonb_build_array(i, 'two'))"
                        + " FROM generate_series(0, 39) AS i");
            }
        }
        connecting();
        try (Connection c = Db.connect("sslmode=disable", "ApplicationName=Metabase")) {
            Script.run(Path.of("sync.sql"), Script.on(c));
        }
        Script.run(Path.of("questions.sql"), Main::question);
        canceled();
        writing();
        Tap.done();
    }

    /** Testing a connection, and what a connection of the pool is asked first. */
    private static void connecting() {
        Tap.check("connect: can it, which version, which time zone", () -> {
            try (Connection c = Db.connect("sslmode=disable", "ApplicationName=Metabase%20v0.55")) {
                Tap.equal(1, Db.one(c, "SELECT 1"));
                Tap.equal("PostgreSQL", c.getMetaData().getDatabaseProductName());
                Tap.truth(c.getMetaData().getDatabaseProductVersion().startsWith("15"));
                Tap.equal(15, c.getMetaData().getDatabaseMajorVersion());
                Tap.equal("UTC", Db.one(c, "show timezone;"));
                Tap.equal(System.getenv("PGDATABASE"), Db.one(c, "SELECT current_database()"));
                Tap.truth(c.isValid(5));
            }
        });
        Tap.check("connect: a wrong database says so in words that Metabase knows", () -> {
            try {
                java.sql.DriverManager.getConnection(Db.url + "_missing", System.getenv("PGUSER"), "x").close();
                throw new AssertionError("no error");
            } catch (SQLException e) {
                Tap.truth(e.getMessage().matches("^FATAL: database \".*\" does not exist.*$"));
            }
        });
        Tap.check("sync: schemas", () -> {
            try (Connection c = Db.connect(); ResultSet r = c.getMetaData().getSchemas()) {
                TreeSet<String> names = new TreeSet<>();
                while (r.next()) {
                    names.add(r.getString("TABLE_SCHEM"));
                }
                Tap.truth(names.containsAll(java.util.List.of("Odd Names", "public", "shop", "information_schema", "pg_catalog")));
            }
        });
        Tap.check("sync: a table that is gone is told by 42P01", () -> {
            try (Connection c = Db.connect()) {
                Tap.fails("42P01", () -> Db.run(c, "SELECT TRUE AS \"_\" FROM \"shop\".\"gone\" WHERE 1 <> 1 LIMIT 0"));
            }
        });
    }

    /** A question runs on a connection of its own settings, in a read-only transaction, and is streamed. */
    private static void question(String sql, Script.Use use) throws Exception {
        try (Connection c = reading("Europe/Berlin"); PreparedStatement p = c.prepareStatement("-- Metabase:: userID: 1 queryType: MBQL queryHash: 0f\n" + sql,
                ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY, ResultSet.CLOSE_CURSORS_AT_COMMIT)) {
            p.setFetchDirection(ResultSet.FETCH_FORWARD);
            p.setFetchSize(7);
            use.statement(p);
            c.rollback();
        }
    }

    private static Connection reading(String zone) throws SQLException {
        Connection c = Db.connect("sslmode=disable", "ApplicationName=Metabase");
        if (c.getMetaData().supportsTransactionIsolationLevel(Connection.TRANSACTION_READ_UNCOMMITTED)) {
            c.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED);
        }
        try (Statement s = c.createStatement()) {
            s.execute("SET SESSION TIMEZONE TO '" + zone + "';");
        }
        c.setReadOnly(true);
        c.setAutoCommit(false);
        c.setHoldability(ResultSet.CLOSE_CURSORS_AT_COMMIT);
        return c;
    }

    private static void canceled() {
        Tap.check("questions: one that is canceled, and one that takes too long", () -> {
            try (Connection c = reading("UTC"); Statement s = c.createStatement()) {
                Thread killer = new Thread(() -> {
                    try {
                        Thread.sleep(150);
                        s.cancel();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
                killer.start();
                Tap.fails("57014", () -> s.executeQuery("SELECT pg_sleep(10)"));
                killer.join();
                c.rollback();
                s.setQueryTimeout(1);
                Tap.fails("57014", () -> s.executeQuery("SELECT pg_sleep(10)"));
            }
        });
        Tap.check("questions: write nothing", () -> {
            try (Connection c = reading("UTC")) {
                Tap.fails("25006", () -> Db.run(c, "DELETE FROM public.facts"));
            }
        });
        Tap.check("questions: a native one of several statements", () -> {
            try (Connection c = reading("UTC"); Statement s = c.createStatement()) {
                Tap.truth(s.execute("SELECT 1 AS a; SELECT 2 AS b"));
                Tap.truth(s.getMoreResults());
                Tap.equal("[[2]]", Db.rows(s.getResultSet()).toString());
            }
        });
        Tap.check("questions: many rows, streamed", () -> {
            try (Connection c = reading("UTC"); PreparedStatement p = c.prepareStatement("SELECT i, 'row ' || i FROM generate_series(1, 20000) AS i")) {
                p.setFetchSize(500);
                int n = 0;
                try (ResultSet r = p.executeQuery()) {
                    while (r.next()) {
                        n += r.getString(2).length() > 4 ? 1 : 0;
                    }
                }
                Tap.equal(20000, n);
            }
        });
    }

    /** Uploads, actions, persisted models. */
    private static void writing() {
        Tap.check("uploads: a table from a file, appended to, its columns widened", () -> {
            try (Connection c = Db.connect()) {
                Db.run(c, "CREATE TABLE \"public\".\"uploads\" (\"_mb_row_id\" BIGSERIAL, \"name\" VARCHAR(255), \"n\" BIGINT, \"ok\" BOOLEAN, \"at\" TIMESTAMP WITH TIME ZONE, PRIMARY KEY (\"_mb_row_id\"))");
                Tap.equal(2L, c.unwrap(org.postgresql.PGConnection.class).getCopyAPI().copyIn("COPY \"public\".\"uploads\" (\"name\", \"n\", \"ok\", \"at\") FROM STDIN NULL ''",
                        new java.io.StringReader("a\t1\tt\t2025-01-01T10:00:00Z\nb\\\\c\t\tf\t")));
                Db.run(c, "ALTER TABLE \"public\".\"uploads\" ADD COLUMN \"more\" TEXT");
                Db.run(c, "ALTER TABLE \"public\".\"uploads\" ALTER COLUMN \"n\" TYPE FLOAT, ALTER COLUMN \"ok\" TYPE BIGINT USING CASE WHEN \"ok\" THEN 1 ELSE 0 END");
                Tap.equal("[[1, a, 1.0, 1], [2, b\\c, null, 0]]", Db.rows(c, "SELECT \"_mb_row_id\", \"name\", \"n\", \"ok\" FROM \"public\".\"uploads\" ORDER BY 1").toString());
                Db.run(c, "DROP TABLE \"public\".\"uploads\"");
            }
        });
        Tap.check("actions: insert, update, delete of a row, with the database's word on errors", () -> {
            try (Connection c = Db.connect()) {
                c.setAutoCommit(false);
                try (PreparedStatement p = c.prepareStatement("INSERT INTO \"shop\".\"orders\" (\"customer_id\", \"note\") VALUES (?, ?)", Statement.RETURN_GENERATED_KEYS)) {
                    p.setInt(1, 2);
                    p.setString(2, "by action");
                    p.executeUpdate();
                    Tap.truth(p.getGeneratedKeys().next());
                }
                Tap.equal(1, Db.run(c, "UPDATE \"shop\".\"orders\" SET \"note\" = 'again' WHERE \"note\" = 'BY ACTION'"));
                Tap.equal(1, Db.run(c, "DELETE FROM \"shop\".\"orders\" WHERE \"note\" = 'AGAIN'"));
                var e = Tap.fails("23503", () -> Db.run(c, "INSERT INTO \"shop\".\"orders\" (\"customer_id\") VALUES (999)"));
                Tap.truth(e.getMessage().contains("Key (customer_id)=(999) is not present in table \"customers\"."));
                c.rollback();
                e = Tap.fails("23502", () -> Db.run(c, "INSERT INTO \"shop\".\"customers\" (\"email\") VALUES ('x@y')"));
                Tap.truth(e.getMessage().contains("null value in column \"name\" of relation \"customers\" violates not-null constraint"));
                c.rollback();
            }
        });
        Tap.check("models: persisted into a schema of Metabase's", () -> {
            try (Connection c = Db.connect()) {
                Db.run(c, "create schema \"metabase_cache_1\"");
                Db.run(c, "create table \"metabase_cache_1\".cache_info (key text, value text)");
                Db.run(c, "create table \"metabase_cache_1\".\"model_1\" as SELECT \"d\", count(*) AS \"count\" FROM \"public\".\"facts\" GROUP BY 1");
                Tap.equal(40L, Db.one(c, "SELECT count(*) FROM \"metabase_cache_1\".\"model_1\""));
                Db.run(c, "drop table if exists \"metabase_cache_1\".\"model_1\"");
                Db.run(c, "drop table \"metabase_cache_1\".cache_info");
                Db.run(c, "drop schema \"metabase_cache_1\"");
            }
        });
    }
}
