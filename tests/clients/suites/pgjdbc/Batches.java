import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.List;

/** Batches of prepared statements, plain and rewritten to inserts of several rows. */
final class Batches {
    static void all() {
        for (String properties : List.of("reWriteBatchedInserts=false", "reWriteBatchedInserts=true", "reWriteBatchedInserts=true&preferQueryMode=simple",
                "prepareThreshold=1&reWriteBatchedInserts=true")) {
            Tap.check("batches, " + properties, () -> insert(properties));
        }
        Tap.check("batches: ON CONFLICT and RETURNING", Batches::upsert);
        Tap.check("batches: a failure in the middle", Batches::failure);
        Tap.check("batches: inside a transaction, rolled back", Batches::rolledBack);
    }

    private static void insert(String properties) throws Exception {
        try (Connection c = Db.connect(properties)) {
            Db.run(c, "DROP TABLE IF EXISTS bt; CREATE TABLE bt (id int PRIMARY KEY, name text, at timestamp)");
            try (PreparedStatement p = c.prepareStatement("INSERT INTO bt (id, name, at) VALUES (?, ?, ?)")) {
                for (int round = 0; round < 3; round++) {
                    for (int i = 0; i < 333; i++) {
                        p.setInt(1, round * 333 + i);
                        p.setString(2, i % 7 == 0 ? null : "name " + i);
                        p.setTimestamp(3, new java.sql.Timestamp(i * 1000L));
                        p.addBatch();
                    }
                    int[] counts = p.executeBatch();
                    Tap.equal(333, counts.length);
                    for (int n : counts) {
                        Tap.truth(n == 1 || n == Statement.SUCCESS_NO_INFO);
                    }
                }
            }
            Tap.equal("[[999, 498501, 855]]", Db.rows(c, "SELECT count(*), sum(id), count(name) FROM bt").toString());
            try (PreparedStatement p = c.prepareStatement("UPDATE bt SET name = ? WHERE id = ?")) {
                for (int i = 0; i < 50; i++) {
                    p.setString(1, "changed");
                    p.setInt(2, i * 30);
                    p.addBatch();
                }
                int[] counts = p.executeBatch();
                Tap.equal(1, counts[33]);
                Tap.equal(0, counts[34]);
            }
            Tap.equal(34L, Db.one(c, "SELECT count(*) FROM bt WHERE name = 'changed'"));
        }
    }

    private static void upsert() throws Exception {
        try (Connection c = Db.connect("reWriteBatchedInserts=true")) {
            Db.run(c, "DROP TABLE IF EXISTS bu; CREATE TABLE bu (id int PRIMARY KEY, n int DEFAULT 0)");
            try (PreparedStatement p = c.prepareStatement("INSERT INTO bu (id, n) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET n = bu.n + excluded.n RETURNING id, n", Statement.RETURN_GENERATED_KEYS)) {
                for (int round = 1; round <= 2; round++) {
                    for (int i = 0; i < 10; i++) {
                        p.setInt(1, i);
                        p.setInt(2, round);
                        p.addBatch();
                    }
                    p.executeBatch();
                }
                Tap.equal(10, Db.rows(p.getGeneratedKeys()).size());
            }
            Tap.equal("[[10, 30]]", Db.rows(c, "SELECT count(*), sum(n) FROM bu").toString());
        }
    }

    private static void failure() throws Exception {
        try (Connection c = Db.connect()) {
            Db.run(c, "DROP TABLE IF EXISTS bf; CREATE TABLE bf (id int PRIMARY KEY)");
            try (PreparedStatement p = c.prepareStatement("INSERT INTO bf VALUES (?)")) {
                for (int i : new int[] {1, 2, 3, 2, 4}) {
                    p.setInt(1, i);
                    p.addBatch();
                }
                p.executeBatch();
                throw new AssertionError("no error");
            } catch (BatchUpdateException e) {
                Tap.equal("23505", e.getSQLState());
                Tap.equal("bf_pkey", ((org.postgresql.util.PSQLException) e.getCause()).getServerErrorMessage().getConstraint());
            }
            Tap.equal(0L, Db.one(c, "SELECT count(*) FROM bf"));
        }
    }

    private static void rolledBack() throws Exception {
        try (Connection c = Db.connect("reWriteBatchedInserts=true")) {
            c.setAutoCommit(false);
            try (PreparedStatement p = c.prepareStatement("INSERT INTO bf VALUES (?)")) {
                for (int i = 0; i < 100; i++) {
                    p.setInt(1, i);
                    p.addBatch();
                }
                p.executeBatch();
            }
            Tap.equal(100L, Db.one(c, "SELECT count(*) FROM bf"));
            c.rollback();
            Tap.equal(0L, Db.one(c, "SELECT count(*) FROM bf"));
        }
    }
}
