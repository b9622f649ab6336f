import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGStatement;
import org.postgresql.util.PSQLException;

/** Statements and their results, in one of the driver's query modes. */
final class Statements {
    private final String mode;
    private Connection conn;

    Statements(String mode) {
        this.mode = mode;
    }

    private void check(String name, Tap.Body body) {
        Tap.check(mode + ": " + name, body);
    }

    void all() throws Exception {
        conn = Db.connect("preferQueryMode=" + mode);
        Db.run(conn, "DROP TABLE IF EXISTS st; CREATE TABLE st (id serial PRIMARY KEY, n int, name text UNIQUE)");
        check("insert, select, update, delete", this::dml);
        check("several statements in one", this::multiple);
        check("generated keys", this::generated);
        check("a statement that is executed again and again is prepared", this::serverPrepared);
        check("a prepared statement survives DDL", this::ddl);
        check("DISCARD ALL and DEALLOCATE ALL", this::deallocate);
        check("fetch size streams inside a transaction", this::fetchSize);
        check("two streams at a time", this::interleaved);
        check("scrollable and updatable results", this::updatable);
        check("maxRows, maxFieldSize, holdability", this::limits);
        if (!mode.equals("simple")) { // where the driver has no OUT parameters and no binary ones
            check("callable statements", this::callable);
            check("ref cursors", this::refCursor);
            check("large values", this::large);
        }
        check("errors have their fields", this::errors);
        check("warnings", this::warnings);
        check("JDBC escapes", this::escapes);
        check("a batch of statements and a batch that fails", this::batch);
        check("query timeout and cancel", this::cancel);
        check("NULLs of every kind", this::nulls);
        conn.close();
    }

    /** Statements without parameters go as simple queries. */
    private boolean simpleStatements() {
        return mode.equals("simple") || mode.equals("extendedForPrepared");
    }

    private void dml() throws Exception {
        try (PreparedStatement p = conn.prepareStatement("INSERT INTO st (n, name) VALUES (?, ?)")) {
            for (int i = 0; i < 20; i++) {
                p.setInt(1, i);
                p.setString(2, "name " + i + " 'quoted' \\ ? $1");
                Tap.equal(1, p.executeUpdate());
            }
        }
        try (PreparedStatement p = conn.prepareStatement("SELECT name, n FROM st WHERE n BETWEEN ? AND ? AND name LIKE ? ORDER BY n DESC")) {
            p.setInt(1, 3);
            p.setInt(2, 5);
            p.setString(3, "name%");
            Tap.equal("[[name 5 'quoted' \\ ? $1, 5], [name 4 'quoted' \\ ? $1, 4], [name 3 'quoted' \\ ? $1, 3]]", Db.rows(p.executeQuery()).toString());
        }
        try (PreparedStatement p = conn.prepareStatement("UPDATE st SET n = n + ? WHERE n >= ?")) {
            p.setLong(1, 100);
            p.setInt(2, 10);
            Tap.equal(10L, p.executeLargeUpdate());
        }
        try (PreparedStatement p = conn.prepareStatement("DELETE FROM st WHERE n = ANY (?)")) {
            p.setArray(1, conn.createArrayOf("int4", new Object[] {110, 111, null}));
            Tap.equal(2, p.executeUpdate());
        }
        Tap.equal(18L, Db.one(conn, "SELECT count(*) FROM st"));
    }

    private void multiple() throws Exception {
        try (Statement s = conn.createStatement()) {
            Tap.truth(!s.execute("CREATE TEMP TABLE mul (a int); INSERT INTO mul VALUES (1), (2); SELECT a FROM mul ORDER BY a; UPDATE mul SET a = a + 1; SELECT 'last;one'"));
            Tap.equal(0, s.getUpdateCount());
            Tap.truth(!s.getMoreResults());
            Tap.equal(2, s.getUpdateCount());
            Tap.truth(s.getMoreResults());
            Tap.equal("[[1], [2]]", Db.rows(s.getResultSet()).toString());
            Tap.truth(!s.getMoreResults());
            Tap.equal(2, s.getUpdateCount());
            Tap.truth(s.getMoreResults());
            Tap.equal("[[last;one]]", Db.rows(s.getResultSet()).toString());
            Tap.truth(!s.getMoreResults());
            Tap.equal(-1, s.getUpdateCount());
            s.execute("DROP TABLE mul");
        }
        // An error rolls back what stands before it in the same string.
        Tap.fails("22012", () -> Db.run(conn, "INSERT INTO st (name) VALUES ('half'); SELECT 1/0"));
        Tap.equal(0L, Db.one(conn, "SELECT count(*) FROM st WHERE name = 'half'"));
    }

    private void generated() throws Exception {
        try (Statement s = conn.createStatement()) {
            s.executeUpdate("INSERT INTO st (name) VALUES ('g1'), ('g2')", Statement.RETURN_GENERATED_KEYS);
            ResultSet keys = s.getGeneratedKeys();
            Tap.truth(keys.next());
            int first = keys.getInt("id");
            Tap.equal("g1", keys.getString("name"));
            Tap.truth(keys.next());
            Tap.equal(first + 1, keys.getInt(1));
        }
        try (PreparedStatement p = conn.prepareStatement("INSERT INTO st (name) VALUES (?)", new String[] {"id", "name"})) {
            p.setString(1, "g3");
            Tap.equal(1, p.executeUpdate());
            ResultSet keys = p.getGeneratedKeys();
            Tap.truth(keys.next());
            Tap.equal(2, keys.getMetaData().getColumnCount());
            Tap.equal("g3", keys.getString(2));
        }
        try (PreparedStatement p = conn.prepareStatement("INSERT INTO st (name) VALUES (?)", Statement.RETURN_GENERATED_KEYS)) {
            for (String name : List.of("g4", "g5", "g6")) {
                p.setString(1, name);
                p.addBatch();
            }
            Tap.equal(new int[] {1, 1, 1}, p.executeBatch());
            List<Object> names = new ArrayList<>();
            Db.rows(p.getGeneratedKeys()).forEach(row -> names.add(row.get(2)));
            Tap.equal(List.of("g4", "g5", "g6"), names);
        }
        try (Statement s = conn.createStatement()) {
            s.executeUpdate("UPDATE st SET n = 1 WHERE name = 'g6'", new String[] {"id"});
            Tap.truth(s.getGeneratedKeys().next());
        }
    }

    private void serverPrepared() throws Exception {
        try (PreparedStatement p = conn.prepareStatement("SELECT ?::int + 1, ?::text, now() IS NOT NULL")) {
            p.unwrap(PGStatement.class).setPrepareThreshold(3);
            for (int i = 0; i < 8; i++) {
                p.setInt(1, i);
                p.setString(2, "x" + i);
                Tap.equal("[[" + (i + 1) + ", x" + i + ", true]]", Db.rows(p.executeQuery()).toString());
            }
            if (!mode.equals("simple")) {
                Tap.equal(1L, Db.one(conn, "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT $1::int + 1%' AND NOT from_sql"));
            }
            // Another type for the parameter: the driver prepares anew.
            p.setObject(1, 5, Types.SMALLINT);
            Tap.equal("[[6, x7, true]]", Db.rows(p.executeQuery()).toString());
        }
    }

    private void ddl() throws Exception {
        Db.run(conn, "DROP TABLE IF EXISTS moving; CREATE TABLE moving (a int); INSERT INTO moving VALUES (1)");
        try (PreparedStatement p = conn.prepareStatement("SELECT * FROM moving WHERE a = ?")) {
            p.unwrap(PGStatement.class).setPrepareThreshold(1);
            p.setInt(1, 1);
            Tap.equal("[[1]]", Db.rows(p.executeQuery()).toString());
            Tap.equal("[[1]]", Db.rows(p.executeQuery()).toString());
            Db.run(conn, "ALTER TABLE moving ADD COLUMN b text DEFAULT 'new'");
            // Outside a transaction the driver prepares again and repeats it.
            Tap.equal("[[1, new]]", Db.rows(p.executeQuery()).toString());
            conn.setAutoCommit(false);
            Tap.equal("[[1, new]]", Db.rows(p.executeQuery()).toString());
            Db.run(conn, "ALTER TABLE moving DROP COLUMN b");
            if (mode.equals("simple")) {
                Tap.equal("[[1]]", Db.rows(p.executeQuery()).toString());
            } else {
                SQLException e = Tap.fails("0A000", p::executeQuery);
                Tap.truth(e.getMessage().contains("cached plan must not change result type"));
            }
        } finally {
            conn.rollback();
            conn.setAutoCommit(true);
        }
        Db.run(conn, "DROP TABLE moving");
    }

    private void deallocate() throws Exception {
        try (PreparedStatement p = conn.prepareStatement("SELECT ?::text")) {
            p.unwrap(PGStatement.class).setPrepareThreshold(1);
            for (String between : List.of("SELECT 1", "DEALLOCATE ALL", "DISCARD ALL", "SELECT 2")) {
                p.setString(1, between);
                Tap.equal(between, Db.rows(p.executeQuery()).get(0).get(0));
                Db.run(conn, between);
            }
        }
    }

    private void fetchSize() throws Exception {
        conn.setAutoCommit(false);
        try (PreparedStatement p = conn.prepareStatement("SELECT i, repeat('x', 100) FROM generate_series(1, ?) AS i")) {
            p.setFetchSize(70);
            p.setInt(1, 1000);
            long sum = 0;
            try (ResultSet r = p.executeQuery()) {
                while (r.next()) {
                    sum += r.getInt(1);
                    if (r.getRow() == 500) {
                        r.setFetchSize(13);
                    }
                }
            }
            Tap.equal(500500L, sum);
            // A result that is closed early leaves the connection usable.
            ResultSet r = p.executeQuery();
            Tap.truth(r.next());
            r.close();
            Tap.equal(1, Db.one(conn, "SELECT 1"));
        } finally {
            conn.commit();
            conn.setAutoCommit(true);
        }
    }

    private void interleaved() throws Exception {
        conn.setAutoCommit(false);
        try (Statement a = conn.createStatement(); Statement b = conn.createStatement()) {
            a.setFetchSize(3);
            b.setFetchSize(2);
            ResultSet left = a.executeQuery("SELECT * FROM generate_series(1, 10)"), right = b.executeQuery("SELECT * FROM generate_series(11, 20)");
            for (int i = 1; i <= 10; i++) {
                Tap.truth(left.next() && right.next());
                Tap.equal(i + 10, right.getInt(1) - left.getInt(1) + i);
                // Statements between the fetches, as programs do.
                Db.run(conn, "UPDATE st SET n = " + i + " WHERE name = 'g1'");
            }
            Tap.truth(!left.next() && !right.next());
        } finally {
            conn.rollback();
            conn.setAutoCommit(true);
        }
    }

    private void updatable() throws Exception {
        try (Statement s = conn.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
                ResultSet r = s.executeQuery("SELECT id, n, name FROM st WHERE name LIKE 'g%' ORDER BY name")) {
            Tap.truth(r.last());
            Tap.equal(6, r.getRow());
            Tap.truth(r.absolute(2));
            Tap.equal("g2", r.getString(3));
            Tap.truth(r.previous() && r.isFirst());
            r.updateInt("n", 77);
            r.updateString("name", "g1 changed");
            r.updateRow();
            r.moveToInsertRow();
            r.updateInt("id", 100000);
            r.updateString("name", "g7");
            r.updateNull("n");
            r.insertRow();
            r.moveToCurrentRow();
            Tap.truth(r.absolute(3));
            r.deleteRow();
            r.first();
            r.refreshRow();
            Tap.equal(77, r.getInt(2));
        }
        Tap.equal("[[g1 changed], [g2], [g4], [g5], [g6], [g7]]", Db.rows(conn, "SELECT name FROM st WHERE name LIKE 'g%' ORDER BY name").toString());
    }

    private void limits() throws Exception {
        try (Statement s = conn.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY, ResultSet.HOLD_CURSORS_OVER_COMMIT)) {
            s.setMaxRows(3);
            // A limit of the message Execute, which simple queries do not have.
            Tap.equal(simpleStatements() ? 10 : 3, Db.rows(s.executeQuery("SELECT * FROM generate_series(1, 10)")).size());
            s.setMaxRows(0);
            s.setMaxFieldSize(4);
            Tap.equal("[[abcd]]", Db.rows(s.executeQuery("SELECT 'abcdefgh'::varchar")).toString());
        }
    }

    private void callable() throws Exception {
        Db.run(conn, """
                CREATE OR REPLACE FUNCTION twice(a int) RETURNS int LANGUAGE sql AS 'SELECT a * 2';
                CREATE OR REPLACE FUNCTION parts(a numeric, OUT whole int, OUT rest numeric, INOUT name text) LANGUAGE plpgsql
                    AS $$BEGIN whole := trunc(a); rest := a - whole; name := upper(name); END$$""");
        try (var c = conn.prepareCall("{? = call twice(?)}")) {
            c.registerOutParameter(1, Types.INTEGER);
            c.setInt(2, 21);
            c.execute();
            Tap.equal(42, c.getInt(1));
        }
        try (var c = conn.prepareCall("{call parts(?, ?, ?, ?)}")) {
            c.setBigDecimal(1, new java.math.BigDecimal("12.75"));
            c.registerOutParameter(2, Types.INTEGER);
            c.registerOutParameter(3, Types.NUMERIC);
            c.setString(4, "abc");
            c.registerOutParameter(4, Types.VARCHAR);
            c.execute();
            Tap.equal("12 0.75 ABC", c.getInt(2) + " " + c.getBigDecimal(3) + " " + c.getString(4));
        }
        try (Connection direct = Db.connect("preferQueryMode=" + mode, "escapeSyntaxCallMode=call")) {
            Db.run(direct, "CREATE OR REPLACE PROCEDURE swap(INOUT a int, INOUT b int) LANGUAGE plpgsql AS $$DECLARE t int := a; BEGIN a := b; b := t; COMMIT; END$$");
            try (var c = direct.prepareCall("{call swap(?, ?)}")) {
                c.setInt(1, 1);
                c.setInt(2, 2);
                c.registerOutParameter(1, Types.INTEGER);
                c.registerOutParameter(2, Types.INTEGER);
                c.execute();
                Tap.equal("2 1", c.getInt(1) + " " + c.getInt(2));
            }
        }
        try (var c = conn.prepareCall("CALL swap(?, ?)")) {
            c.setInt(1, 8);
            c.setInt(2, 9);
            c.execute();
            Tap.equal("[[9, 8]]", Db.rows(c.getResultSet()).toString());
        }
    }

    private void refCursor() throws Exception {
        Db.run(conn, "CREATE OR REPLACE FUNCTION cursor_of(n int) RETURNS refcursor LANGUAGE plpgsql AS $$DECLARE c refcursor := 'some cursor'; BEGIN OPEN c FOR SELECT * FROM generate_series(1, n); RETURN c; END$$");
        conn.setAutoCommit(false);
        try (var c = conn.prepareCall("{? = call cursor_of(?)}")) {
            c.registerOutParameter(1, Types.REF_CURSOR);
            c.setInt(2, 4);
            c.execute();
            Tap.equal("[[1], [2], [3], [4]]", Db.rows((ResultSet) c.getObject(1)).toString());
        } finally {
            conn.commit();
            conn.setAutoCommit(true);
        }
    }

    private void errors() throws Exception {
        var syntax = ((PSQLException) Tap.fails("42601", () -> Db.run(conn, "SELECT 1 FROM FROM"))).getServerErrorMessage();
        Tap.equal("syntax error at or near \"FROM\"", syntax.getMessage());
        Tap.equal(15, syntax.getPosition());
        Tap.equal("ERROR", syntax.getSeverity());
        var unique = ((PSQLException) Tap.fails("23505", () -> Db.run(conn, "INSERT INTO st (name) VALUES ('g2')"))).getServerErrorMessage();
        Tap.equal("public st st_name_key", unique.getSchema() + " " + unique.getTable() + " " + unique.getConstraint());
        Tap.equal("Key (name)=(g2) already exists.", unique.getDetail());
        var column = ((PSQLException) Tap.fails("42703", () -> Db.run(conn, "SELECT nam FROM st"))).getServerErrorMessage();
        Tap.equal("Perhaps you meant to reference the column \"st.name\".", column.getHint());
        var missing = ((PSQLException) Tap.fails("42P01", () -> Db.run(conn, "SELECT * FROM nowhere"))).getServerErrorMessage();
        Tap.equal("relation \"nowhere\" does not exist", missing.getMessage());
        var raised = ((PSQLException) Tap.fails("AB123", () -> Db.run(conn,
                "DO $$BEGIN RAISE 'mine %', 1 USING ERRCODE = 'AB123', DETAIL = 'd', HINT = 'h', COLUMN = 'c', CONSTRAINT = 'k', DATATYPE = 't', TABLE = 'tt', SCHEMA = 's'; END$$")))
                .getServerErrorMessage();
        Tap.equal("mine 1 d h c k t tt s", String.join(" ", raised.getMessage(), raised.getDetail(), raised.getHint(), raised.getColumn(),
                raised.getConstraint(), raised.getDatatype(), raised.getTable(), raised.getSchema()));
        Tap.equal("PL/pgSQL function inline_code_block line 1 at RAISE", raised.getWhere());
        try (PreparedStatement p = conn.prepareStatement("SELECT ? / ?")) {
            p.setInt(1, 1);
            p.setInt(2, 0);
            Tap.fails("22012", p::executeQuery);
        }
        Tap.fails("22P02", () -> Db.one(conn, "SELECT 'x'::int"));
    }

    private void warnings() throws Exception {
        try (Statement s = conn.createStatement()) {
            s.execute("DO $$BEGIN RAISE NOTICE 'first'; RAISE WARNING 'second' USING ERRCODE = '01234'; END$$; DROP TABLE IF EXISTS never_was");
            SQLWarning w = s.getWarnings();
            Tap.equal("first 00000", w.getMessage() + " " + w.getSQLState());
            w = w.getNextWarning();
            Tap.equal("second 01234", w.getMessage() + " " + w.getSQLState());
            Tap.equal("table \"never_was\" does not exist, skipping", w.getNextWarning().getMessage());
            s.execute("SET client_min_messages = warning; DROP TABLE IF EXISTS never_was; RESET client_min_messages");
            Tap.equal(null, s.getWarnings());
        }
    }

    private void escapes() throws Exception {
        Tap.equal("[[2025-02-03, 04:05:06, 2025-02-03 04:05:06.7, 3, ABC, 2, true]]", Db.rows(conn,
                "SELECT {d '2025-02-03'}, {t '04:05:06'}, {ts '2025-02-03 04:05:06.7'}, {fn length('abc')}, {fn ucase('abc')}, {fn mod(8, 3)}, 'a%c' LIKE 'a|%c' {escape '|'}").toString());
        Tap.equal("[[1, 1]]", Db.rows(conn, "SELECT * FROM {oj (SELECT 1 AS a) x LEFT OUTER JOIN (SELECT 1 AS b) y ON a = b}").toString());
        Tap.equal("[[5, 3, 2]]", Db.rows(conn, "SELECT {fn timestampdiff(SQL_TSI_DAY, {ts '2025-01-01 00:00:00'}, {ts '2025-01-06 01:00:00'})}, {fn quarter({d '2025-08-01'})}, {fn dayofweek({d '2025-02-03'})}")
                .toString().replace(".0", ""));
    }

    private void batch() throws Exception {
        try (Statement s = conn.createStatement()) {
            s.addBatch("CREATE TEMP TABLE ba (a int PRIMARY KEY)");
            s.addBatch("INSERT INTO ba VALUES (1), (2)");
            s.addBatch("UPDATE ba SET a = a + 10");
            s.addBatch("DROP TABLE ba");
            Tap.equal(new int[] {0, 2, 2, 0}, s.executeBatch());
            for (String name : List.of("b1", "b2", "b1", "b3")) {
                s.addBatch("INSERT INTO st (name) VALUES ('" + name + "')");
            }
            try {
                s.executeBatch();
                throw new AssertionError("no error");
            } catch (BatchUpdateException e) {
                Tap.equal("23505", e.getSQLState());
                Tap.equal(4, e.getUpdateCounts().length);
                Tap.equal(Statement.EXECUTE_FAILED, e.getUpdateCounts()[2]);
            }
        }
        // A batch is one transaction if it is one conversation.
        Tap.equal(simpleStatements() ? 3L : 0L, Db.one(conn, "SELECT count(*) FROM st WHERE name LIKE 'b_'"));
        Db.run(conn, "DELETE FROM st WHERE name LIKE 'b_'");
    }

    private void cancel() throws Exception {
        try (Statement s = conn.createStatement()) {
            s.setQueryTimeout(1);
            Tap.fails("57014", () -> s.execute("SELECT pg_sleep(20)"));
        }
        try (Statement s = conn.createStatement()) {
            Thread other = new Thread(() -> {
                try {
                    Thread.sleep(200);
                    s.cancel();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            other.start();
            Tap.fails("57014", () -> s.execute("SELECT pg_sleep(20)"));
            other.join();
        }
        Tap.equal(1, Db.one(conn, "SELECT 1"));
    }

    private void nulls() throws Exception {
        try (PreparedStatement p = conn.prepareStatement("SELECT ?::int, ?::text, ?::numeric, ?::timestamp, ?::bytea, ?::uuid, ?::int[], ? IS NULL")) {
            p.setNull(1, Types.INTEGER);
            p.setNull(2, Types.VARCHAR);
            p.setNull(3, Types.NUMERIC);
            p.setTimestamp(4, null);
            p.setBytes(5, null);
            p.setObject(6, null);
            p.setArray(7, null);
            p.setNull(8, Types.BIGINT);
            try (ResultSet r = p.executeQuery()) {
                Tap.truth(r.next());
                for (int i = 1; i <= 7; i++) {
                    Tap.equal(null, r.getObject(i));
                }
                Tap.equal(0, r.getInt(1));
                Tap.truth(r.wasNull() && r.getBoolean(8));
            }
        }
    }

    private void large() throws Exception {
        String text = "é€😀x".repeat(300_000);
        byte[] bytes = new byte[2_000_000];
        new java.util.Random(1).nextBytes(bytes);
        try (PreparedStatement p = conn.prepareStatement("SELECT ?::text, ?::bytea, length(?::text), md5(?::bytea)")) {
            p.setString(1, text);
            p.setBytes(2, bytes);
            p.setCharacterStream(3, new java.io.StringReader(text), text.length());
            p.setBinaryStream(4, new java.io.ByteArrayInputStream(bytes), bytes.length);
            try (ResultSet r = p.executeQuery()) {
                Tap.truth(r.next());
                Tap.truth(text.equals(r.getString(1)));
                Tap.truth(java.util.Arrays.equals(bytes, r.getBinaryStream(2).readAllBytes()));
                Tap.equal(1_200_000, r.getInt(3));
                byte[] sum = java.security.MessageDigest.getInstance("MD5").digest(bytes);
                Tap.equal(java.util.HexFormat.of().formatHex(sum), r.getString(4));
            }
        }
    }
}
