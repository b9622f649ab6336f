import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** What happens before the first statement, and the session's settings. */
final class Connecting {
    static void all() {
        Tap.check("connect: with properties that set parameters", Connecting::properties);
        Tap.check("connect: a database that does not exist", () -> Tap.fails("3D000", () -> DriverManager
                .getConnection(Db.url.substring(0, Db.url.lastIndexOf('/')) + "/no_such_database", System.getenv("PGUSER"), "unused").close()));
        Tap.check("connect: an option that does not exist", () -> Tap.fails("42704", () -> Db.connect("options=-c%20no_such_thing=1").close()));
        Tap.check("connect: sslmode=prefer falls back", () -> Db.connect("sslmode=prefer").close());
        Tap.check("connect: read-only from the start", () -> {
            try (Connection c = Db.connect("readOnly=true", "readOnlyMode=always")) {
                Tap.fails("25006", () -> Db.run(c, "CREATE TABLE nowhere (a int)"));
            }
        });
        Tap.check("connect: targetServerType=primary", () -> Db.connect("targetServerType=primary").close());
        Tap.check("session: schema, catalog, client info, validity", Connecting::session);
        Tap.check("session: network timeout and abort", () -> {
            Connection c = Db.connect();
            c.setNetworkTimeout(Runnable::run, 5000);
            Tap.equal(5000, c.getNetworkTimeout());
            c.abort(Runnable::run);
            Tap.truth(c.isClosed());
        });
        Tap.check("session: parameters that the server reports", () -> {
            try (Connection c = Db.connect("ApplicationName=suite")) {
                var status = c.unwrap(org.postgresql.PGConnection.class).getParameterStatuses();
                Tap.equal("suite", status.get("application_name"));
                Tap.equal("UTF8", status.get("client_encoding"));
                Tap.equal("on", status.get("integer_datetimes"));
                Tap.equal("on", status.get("standard_conforming_strings"));
                Tap.truth(status.get("server_version").startsWith("15"));
                Tap.equal("UTC", status.get("TimeZone"));
                Db.run(c, "SET TIME ZONE 'Europe/Berlin'");
                Tap.equal("Europe/Berlin", status(c, "TimeZone"));
            }
        });
        Tap.check("session: a terminated backend is told", () -> {
            try (Connection c = Db.connect(); Connection other = Db.connect()) {
                int pid = c.unwrap(org.postgresql.PGConnection.class).getBackendPID();
                Tap.equal(pid, Db.one(c, "SELECT pg_backend_pid()"));
                Tap.equal(true, Db.one(other, "SELECT pg_terminate_backend(" + pid + ")"));
                Tap.fails("57P01", () -> Db.run(c, "SELECT 1"));
            }
        });
    }

    private static String status(Connection c, String name) throws SQLException {
        return c.unwrap(org.postgresql.PGConnection.class).getParameterStatus(name);
    }

    private static void properties() throws Exception {
        Properties p = new Properties();
        p.setProperty("user", System.getenv("PGUSER"));
        p.setProperty("password", System.getenv("PGPASSWORD"));
        p.setProperty("ApplicationName", "a suite's name");
        p.setProperty("currentSchema", "shop,public");
        p.setProperty("options", "-c statement_timeout=12s -c TimeZone=Asia/Tokyo");
        p.setProperty("assumeMinServerVersion", "9.0");
        try (Connection c = DriverManager.getConnection(Db.url, p)) {
            Tap.equal("a suite's name", Db.one(c, "SHOW application_name"));
            Tap.equal("shop,public", Db.one(c, "SHOW search_path"));
            Tap.equal("12s", Db.one(c, "SHOW statement_timeout"));
            Tap.equal("a suite's name", Db.one(c, "SELECT application_name FROM pg_stat_activity WHERE pid = pg_backend_pid()"));
        }
    }

    private static void session() throws Exception {
        try (Connection c = Db.connect()) {
            Tap.equal("public", c.getSchema());
            Db.run(c, "CREATE SCHEMA IF NOT EXISTS elsewhere");
            c.setSchema("elsewhere");
            Tap.equal("elsewhere", c.getSchema());
            Tap.equal(System.getenv("PGDATABASE"), Db.one(c, "SELECT current_database()"));
            Tap.truth(c.isValid(2));
            c.setClientInfo("ApplicationName", "renamed");
            Tap.equal("renamed", c.getClientInfo("ApplicationName"));
            Tap.equal("renamed", Db.one(c, "SHOW application_name"));
            Db.run(c, "DROP SCHEMA elsewhere");
            c.close();
            Tap.truth(!c.isValid(1));
        }
    }
}
