import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.copy.CopyManager;

/** What the driver has beyond JDBC: COPY, LISTEN, large objects, escaping, type names. */
final class Extensions {
    static void all() throws Exception {
        Tap.check("copy: in and out, text", Extensions::copyText);
        Tap.check("copy: csv from a stream, in pieces", Extensions::copyCSV);
        Tap.check("copy: binary, there and back", Extensions::copyBinary);
        Tap.check("copy: errors and cancel", Extensions::copyErrors);
        Tap.check("notify: between connections and within one", Extensions::notifications);
        LargeObjects.all();
        Tap.check("escaping of literals and identifiers", Extensions::escaping);
        Tap.check("ssl: sslmode=require works, or fails where the server has no certificate", Extensions::ssl);
    }

    private static CopyManager copy(Connection c) throws Exception {
        return c.unwrap(PGConnection.class).getCopyAPI();
    }

    private static void copyText() throws Exception {
        try (Connection c = Db.connect()) {
            Db.run(c, "DROP TABLE IF EXISTS cp; CREATE TABLE cp (id int PRIMARY KEY, name text, n numeric)");
            Tap.equal(3L, copy(c).copyIn("COPY cp FROM STDIN", new StringReader("1\tone\t1.5\n2\t\\N\t\\N\n3\ta\\tb\\\\\t-1\n")));
            StringWriter out = new StringWriter();
            Tap.equal(3L, copy(c).copyOut("COPY (SELECT * FROM cp ORDER BY id) TO STDOUT", out));
            Tap.equal("1\tone\t1.5\n2\t\\N\t\\N\n3\ta\\tb\\\\\t-1\n", out.toString());
        }
    }

    private static void copyCSV() throws Exception {
        StringBuilder rows = new StringBuilder("id;name;n\n");
        for (int i = 0; i < 2000; i++) {
            rows.append(i + 100).append(";\"line one\nline \"\"two\"\" ").append(i).append("\";").append(i % 2 == 0 ? "" : i / 4.0).append('\n');
        }
        try (Connection c = Db.connect()) {
            Tap.equal(2000L, copy(c).copyIn("COPY cp (id, name, n) FROM STDIN (FORMAT csv, HEADER, DELIMITER ';')",
                    new ByteArrayInputStream(rows.toString().getBytes(StandardCharsets.UTF_8)), 777));
            Tap.equal("[[2000, 1000]]", Db.rows(c, "SELECT count(*), count(n) FROM cp WHERE id >= 100").toString());
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            copy(c).copyOut("COPY (SELECT id, name FROM cp WHERE id IN (1, 2, 101) ORDER BY id) TO STDOUT (FORMAT csv, HEADER, FORCE_QUOTE *, NULL 'none')", out);
            Tap.equal("id,name\n\"1\",\"one\"\n\"2\",none\n\"101\",\"line one\nline \"\"two\"\" 1\"\n", out.toString());
        }
    }

    private static void copyBinary() throws Exception {
        try (Connection c = Db.connect()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            long rows = copy(c).copyOut("COPY cp TO STDOUT (FORMAT binary)", out);
            Db.run(c, "DROP TABLE IF EXISTS cp2; CREATE TABLE cp2 (LIKE cp)");
            Tap.equal(rows, copy(c).copyIn("COPY cp2 FROM STDIN (FORMAT binary)", new ByteArrayInputStream(out.toByteArray())));
            Tap.equal(0L, Db.one(c, "SELECT count(*) FROM ((TABLE cp EXCEPT TABLE cp2) UNION ALL (TABLE cp2 EXCEPT TABLE cp)) x"));
        }
    }

    private static void copyErrors() throws Exception {
        try (Connection c = Db.connect()) {
            var e = (org.postgresql.util.PSQLException) Tap.fails("22P02", () -> copy(c).copyIn("COPY cp FROM STDIN", new StringReader("5000\tx\t1\nbad\ty\t2\n")));
            Tap.equal("COPY cp, line 2, column id: \"bad\"", e.getServerErrorMessage().getWhere());
            var in = copy(c).copyIn("COPY cp FROM STDIN");
            in.writeToCopy("6000\tx\t1\n".getBytes(), 0, 9);
            in.cancelCopy();
            Tap.equal(0L, Db.one(c, "SELECT count(*) FROM cp WHERE id >= 5000"));
            var out = copy(c).copyOut("COPY (SELECT * FROM generate_series(1, 100000)) TO STDOUT");
            Tap.equal("1\n", new String(out.readFromCopy()));
            out.cancelCopy();
        }
    }

    private static void notifications() throws Exception {
        try (Connection c = Db.connect(); Connection other = Db.connect()) {
            Db.run(c, "LISTEN news");
            Db.run(other, "NOTIFY news, 'first'");
            other.setAutoCommit(false);
            Db.run(other, "SELECT pg_notify('news', 'second')");
            Db.run(other, "NOTIFY news");
            other.commit();
            StringBuilder got = new StringBuilder();
            for (int i = 0; i < 20 && got.toString().split(";").length < 3; i++) {
                PGNotification[] some = c.unwrap(PGConnection.class).getNotifications(1000);
                for (PGNotification n : some == null ? new PGNotification[0] : some) {
                    got.append(n.getName()).append('=').append(n.getParameter()).append(';');
                    Tap.equal(other.unwrap(PGConnection.class).getBackendPID(), n.getPID());
                }
            }
            Tap.equal("news=first;news=second;news=;", got.toString());
            Db.run(c, "UNLISTEN *");
            Db.run(c, "NOTIFY news, 'nobody hears'");
            Tap.equal(0, c.unwrap(PGConnection.class).getNotifications(50) == null ? 0 : c.unwrap(PGConnection.class).getNotifications().length);
        }
    }

    /** PostgreSQL has them, we say that we do not. */
    private static void escaping() throws Exception {
        try (Connection c = Db.connect()) {
            PGConnection pg = c.unwrap(PGConnection.class);
            String name = pg.escapeIdentifier("odd \"name"), text = pg.escapeLiteral("it's \\ here");
            Db.run(c, "CREATE TEMP TABLE " + name + " (a text DEFAULT '" + text + "')");
            Db.run(c, "INSERT INTO " + name + " DEFAULT VALUES");
            Tap.equal("it's \\ here", Db.one(c, "SELECT a FROM " + name));
        }
    }

    private static void ssl() throws Exception {
        try (Connection c = Db.connect("sslmode=require")) {
            Tap.equal(true, Db.one(c, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"));
        } catch (java.sql.SQLException e) {
            Tap.equal("The server does not support SSL.", e.getMessage());
        }
    }
}
