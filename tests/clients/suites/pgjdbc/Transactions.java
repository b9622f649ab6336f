import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Savepoint;
import java.util.List;
import java.util.Map;

/** Transactions, savepoints, isolation levels, autosave. */
final class Transactions {
    static void all() throws Exception {
        try (Connection c = Db.connect()) {
            Db.run(c, "DROP TABLE IF EXISTS tx; CREATE TABLE tx (id int PRIMARY KEY, n int); INSERT INTO tx VALUES (1, 10), (2, 20)");
        }
        Tap.check("transactions: commit and rollback", Transactions::commit);
        Tap.check("transactions: savepoints, named and not", Transactions::savepoints);
        Tap.check("transactions: read only", Transactions::readOnly);
        for (var level : Map.of("read uncommitted", Connection.TRANSACTION_READ_UNCOMMITTED, "read committed", Connection.TRANSACTION_READ_COMMITTED, "repeatable read",
                Connection.TRANSACTION_REPEATABLE_READ, "serializable", Connection.TRANSACTION_SERIALIZABLE).entrySet()) {
            Tap.check("transactions: isolation level " + level.getKey(), () -> isolation(level.getKey(), level.getValue()));
        }
        for (String autosave : List.of("never", "always", "conservative")) {
            Tap.check("transactions: autosave=" + autosave, () -> autosave(autosave));
        }
        Tap.check("transactions: a failed one is rolled back at commit", Transactions::failed);
        Tap.check("transactions: two connections", Transactions::two);
        Tap.check("transactions: advisory locks", Transactions::advisory);
    }

    private static void commit() throws Exception {
        try (Connection c = Db.connect(); Connection other = Db.connect()) {
            c.setAutoCommit(false);
            Db.run(c, "UPDATE tx SET n = 11 WHERE id = 1");
            Tap.equal(11, Db.one(c, "SELECT n FROM tx WHERE id = 1"));
            Tap.equal(10, Db.one(other, "SELECT n FROM tx WHERE id = 1"));
            c.commit();
            Tap.equal(11, Db.one(other, "SELECT n FROM tx WHERE id = 1"));
            Db.run(c, "DELETE FROM tx");
            c.rollback();
            Tap.equal(2L, Db.one(c, "SELECT count(*) FROM tx"));
            // Back to autocommit commits.
            Db.run(c, "UPDATE tx SET n = 10 WHERE id = 1");
            c.setAutoCommit(true);
            Tap.equal(10, Db.one(other, "SELECT n FROM tx WHERE id = 1"));
        }
    }

    private static void savepoints() throws Exception {
        try (Connection c = Db.connect()) {
            c.setAutoCommit(false);
            Db.run(c, "INSERT INTO tx VALUES (3, 30)");
            Savepoint a = c.setSavepoint("a savepoint");
            Db.run(c, "INSERT INTO tx VALUES (4, 40)");
            Savepoint b = c.setSavepoint();
            Tap.fails("23505", () -> Db.run(c, "INSERT INTO tx VALUES (1, 1)"));
            Tap.fails("25P02", () -> Db.run(c, "SELECT 1"));
            c.rollback(b);
            Tap.equal(4L, Db.one(c, "SELECT count(*) FROM tx"));
            c.releaseSavepoint(b);
            c.rollback(a);
            Tap.equal(3L, Db.one(c, "SELECT count(*) FROM tx"));
            Tap.equal("a savepoint", a.getSavepointName());
            c.rollback();
            Tap.equal(2L, Db.one(c, "SELECT count(*) FROM tx"));
        }
    }

    private static void readOnly() throws Exception {
        try (Connection c = Db.connect()) {
            c.setReadOnly(true);
            c.setAutoCommit(false);
            Tap.equal("on", Db.one(c, "SHOW transaction_read_only"));
            Tap.fails("25006", () -> Db.run(c, "INSERT INTO tx VALUES (9, 9)"));
            c.rollback();
            c.setReadOnly(false);
            Db.run(c, "INSERT INTO tx VALUES (9, 9)");
            c.rollback();
        }
    }

    private static void isolation(String name, int level) throws Exception {
        try (Connection c = Db.connect(); Connection other = Db.connect()) {
            c.setTransactionIsolation(level);
            Tap.equal(level, c.getTransactionIsolation());
            c.setAutoCommit(false);
            Tap.equal(name, Db.one(c, "SHOW transaction_isolation"));
            int before = (int) Db.one(c, "SELECT n FROM tx WHERE id = 2");
            Db.run(other, "UPDATE tx SET n = n + 1 WHERE id = 2");
            boolean snapshot = level == Connection.TRANSACTION_REPEATABLE_READ || level == Connection.TRANSACTION_SERIALIZABLE;
            if (snapshot) {
                // The same again, until the transaction ends with 40001: at the UPDATE, or before (ours does not keep old rows).
                Tap.fails("40001", () -> {
                    Tap.equal(before, Db.one(c, "SELECT n FROM tx WHERE id = 2"));
                    Db.run(c, "UPDATE tx SET n = 0 WHERE id = 2");
                    c.commit();
                });
            } else {
                Tap.equal(before + 1, Db.one(c, "SELECT n FROM tx WHERE id = 2"));
            }
            c.rollback();
        }
    }

    private static void autosave(String mode) throws Exception {
        try (Connection c = Db.connect("autosave=" + mode, "cleanupSavepoints=true")) {
            c.setAutoCommit(false);
            Db.run(c, "INSERT INTO tx VALUES (5, 50)");
            try (PreparedStatement p = c.prepareStatement("SELECT 1 / ?")) {
                p.setInt(1, 0);
                Tap.fails("22012", p::executeQuery);
            }
            if (mode.equals("always")) {
                Tap.equal(3L, Db.one(c, "SELECT count(*) FROM tx"));
            } else {
                Tap.fails("25P02", () -> Db.run(c, "SELECT 1"));
            }
            c.rollback();
            Tap.equal(2L, Db.one(c, "SELECT count(*) FROM tx"));
        }
    }

    private static void failed() throws Exception {
        try (Connection c = Db.connect()) {
            c.setAutoCommit(false);
            Db.run(c, "INSERT INTO tx VALUES (6, 60)");
            Tap.fails("22012", () -> Db.run(c, "SELECT 1/0"));
            c.commit();
            Tap.equal(2L, Db.one(c, "SELECT count(*) FROM tx"));
        }
    }

    private static void two() throws Exception {
        try (Connection c = Db.connect(); Connection other = Db.connect()) {
            c.setAutoCommit(false);
            Tap.equal("[[1, 10]]", Db.rows(c, "SELECT * FROM tx WHERE id = 1 FOR UPDATE").toString());
            Db.run(c, "UPDATE tx SET n = n * 2 WHERE id = 1");
            Db.run(other, "UPDATE tx SET n = 7 WHERE id = 2");
            c.commit();
            Tap.equal("[[20], [7]]", Db.rows(other, "SELECT n FROM tx ORDER BY id").toString());
        }
    }

    private static void advisory() throws Exception {
        try (Connection c = Db.connect(); Connection other = Db.connect()) {
            Db.run(c, "SELECT pg_advisory_lock(42)");
            Tap.equal(false, Db.one(other, "SELECT pg_try_advisory_lock(42)"));
            Tap.equal(true, Db.one(c, "SELECT pg_advisory_unlock(42)"));
            Tap.equal(true, Db.one(other, "SELECT pg_try_advisory_lock(42)"));
        }
    }
}
