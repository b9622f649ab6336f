import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Arrays;
import org.postgresql.PGConnection;
import org.postgresql.largeobject.LargeObject;
import org.postgresql.largeobject.LargeObjectManager;

/** Large objects: the driver's own interface, through fast-path calls, and JDBC's Blob and Clob over columns of oids. */
final class LargeObjects {
    private static final int SIZE = 3_000_000; // several chunks

    static void all() throws Exception {
        Tap.check("large objects: written, read, sought, truncated", LargeObjects::pieces);
        Tap.check("large objects: more than a chunk, through streams", LargeObjects::streams);
        Tap.check("large objects: 64 bits", LargeObjects::far);
        Tap.check("large objects: what is undone is as it was", LargeObjects::undone);
        Tap.check("large objects: copied descriptors, deleted objects, errors", LargeObjects::errors);
        Tap.check("large objects: Blob of a column of oids", LargeObjects::blobs);
        Tap.check("large objects: Clob of a column of oids", LargeObjects::clobs);
        Tap.check("large objects: outside of a transaction they are refused", LargeObjects::autocommit);
    }

    private interface Work {
        void with(Connection c, LargeObjectManager lobs) throws Exception;
    }

    /** A transaction that commits. */
    private static void in(Work work) throws Exception {
        try (Connection c = Db.connect()) {
            c.setAutoCommit(false);
            work.with(c, c.unwrap(PGConnection.class).getLargeObjectAPI());
            c.commit();
        }
    }

    private static byte[] bytes(int n) {
        byte[] b = new byte[n];
        new java.util.Random(n).nextBytes(b);
        return b;
    }

    private static String text(byte[] b) {
        return new String(b, StandardCharsets.UTF_8);
    }

    private static void pieces() throws Exception {
        long[] oid = new long[1];
        in((c, lobs) -> {
            oid[0] = lobs.createLO(LargeObjectManager.READ | LargeObjectManager.WRITE);
            try (LargeObject o = lobs.open(oid[0])) {
                o.write("hello, large world".getBytes());
                Tap.equal(18, o.tell());
                o.seek(7);
                Tap.equal("large", text(o.read(5)));
                o.seek(-5, LargeObject.SEEK_END);
                Tap.equal("world", text(o.read(100)));
                Tap.equal(0, o.read(10).length);
                o.seek(5);
                o.seek(2, LargeObject.SEEK_CUR);
                o.write("SMALL".getBytes(), 0, 5);
                Tap.equal(18, o.size());
                o.truncate(12);
                Tap.equal(12, o.size());
            }
        });
        in((c, lobs) -> {
            try (LargeObject o = lobs.open(oid[0], LargeObjectManager.READ)) {
                byte[] b = new byte[20];
                Tap.equal(12, o.read(b, 3, 17));
                Tap.equal("hello, SMALL", text(Arrays.copyOfRange(b, 3, 15)));
                Tap.equal(oid[0], o.getLongOID());
            }
            Tap.equal("hello, SMALL", Db.one(c, "SELECT convert_from(lo_get(" + oid[0] + "), 'UTF8')"));
            lobs.unlink(oid[0]);
        });
    }

    private static void streams() throws Exception {
        byte[] all = bytes(SIZE);
        long[] oid = new long[1];
        in((c, lobs) -> {
            oid[0] = lobs.createLO();
            try (LargeObject o = lobs.open(oid[0], LargeObjectManager.WRITE); OutputStream out = o.getOutputStream()) {
                new ByteArrayInputStream(all).transferTo(out);
            }
        });
        in((c, lobs) -> {
            try (LargeObject o = lobs.open(oid[0], LargeObjectManager.READ); InputStream in = o.getInputStream()) {
                Tap.truth(Arrays.equals(all, in.readAllBytes()));
            }
            try (LargeObject o = lobs.open(oid[0], LargeObjectManager.READ)) {
                o.seek(1_500_000);
                try (InputStream in = o.getInputStream(2_000)) {
                    in.skip(10);
                    Tap.equal(all[1_500_010] & 0xff, in.read());
                    Tap.equal(1_989, in.readAllBytes().length);
                }
            }
            Tap.equal((long) SIZE, Db.one(c, "SELECT sum(length(data))::bigint FROM pg_largeobject WHERE loid = " + oid[0]));
            lobs.delete(oid[0]);
            Tap.equal(0L, Db.one(c, "SELECT count(*) FROM pg_largeobject_metadata WHERE oid = " + oid[0]));
        });
    }

    private static void far() throws Exception {
        in((c, lobs) -> {
            long oid = lobs.createLO(), at = 5L << 30;
            try (LargeObject o = lobs.open(oid)) {
                o.seek64(at, LargeObject.SEEK_SET);
                o.write("far".getBytes());
                Tap.equal(at + 3, o.tell64());
                Tap.equal(at + 3, o.size64());
                o.seek64(at - 2, LargeObject.SEEK_SET);
                Tap.equal("\0\0far", text(o.read(10)));
                o.truncate64(at + 1);
                Tap.equal(at + 1, o.size64());
            }
            lobs.delete(oid);
        });
    }

    private static void undone() throws Exception {
        try (Connection c = Db.connect()) {
            c.setAutoCommit(false);
            LargeObjectManager lobs = c.unwrap(PGConnection.class).getLargeObjectAPI();
            long oid = lobs.createLO();
            LargeObject o = lobs.open(oid);
            o.write("kept".getBytes());
            o.close();
            c.commit();
            o = lobs.open(oid);
            o.write("lost".getBytes());
            var save = c.setSavepoint();
            o.write("more".getBytes());
            c.rollback(save);
            Tap.equal("lost", Db.one(c, "SELECT convert_from(lo_get(" + oid + "), 'UTF8')"));
            c.rollback();
            Tap.equal("kept", Db.one(c, "SELECT convert_from(lo_get(" + oid + "), 'UTF8')"));
            long never = lobs.createLO();
            c.rollback();
            Tap.fails("42704", () -> lobs.open(never));
            c.rollback();
            lobs.delete(oid);
            c.commit();
        }
    }

    private static void errors() throws Exception {
        try (Connection c = Db.connect()) {
            c.setAutoCommit(false);
            LargeObjectManager lobs = c.unwrap(PGConnection.class).getLargeObjectAPI();
            Tap.fails("42704", () -> lobs.open(4_000_000_000L));
            c.rollback();
            Tap.fails("42704", () -> lobs.delete(4_000_000_000L));
            c.rollback();
            long oid = lobs.createLO();
            LargeObject o = lobs.open(oid, LargeObjectManager.READ), copy = o.copy();
            Tap.equal(0, copy.size());
            copy.close();
            Tap.fails("55000", () -> o.write("x".getBytes()));
            c.rollback();
            LargeObject gone = lobs.open(lobs.createLO());
            c.rollback();
            Tap.fails("42704", () -> gone.read(1));
            c.rollback();
        }
    }

    private static void blobs() throws Exception {
        byte[] all = bytes(100_000);
        in((c, lobs) -> Db.run(c, "DROP TABLE IF EXISTS pictures; CREATE TABLE pictures (id int PRIMARY KEY, body oid, note oid)"));
        in((c, lobs) -> {
            try (PreparedStatement p = c.prepareStatement("INSERT INTO pictures (id, body) VALUES (?, ?)")) {
                p.setInt(1, 1);
                p.setBlob(2, new ByteArrayInputStream(all), all.length);
                p.executeUpdate();
                long oid = lobs.createLO();
                try (LargeObject o = lobs.open(oid)) {
                    o.write("made by hand".getBytes());
                }
                p.setInt(1, 2);
                p.setLong(2, oid);
                p.executeUpdate();
                p.setInt(1, 3);
                p.setNull(2, java.sql.Types.BLOB);
                p.executeUpdate();
            }
        });
        in((c, lobs) -> {
            try (ResultSet r = c.createStatement().executeQuery("SELECT body FROM pictures ORDER BY id")) {
                r.next();
                Blob b = r.getBlob(1);
                Tap.equal((long) all.length, b.length());
                Tap.truth(Arrays.equals(all, b.getBytes(1, all.length)));
                Tap.truth(Arrays.equals(Arrays.copyOfRange(all, 70_000, 70_100), b.getBytes(70_001, 100)));
                Tap.equal(50_001L, b.position(Arrays.copyOfRange(all, 50_000, 50_300), 1));
                try (InputStream in = b.getBinaryStream(99_991, 10)) {
                    Tap.equal(10, in.readAllBytes().length);
                }
                b.free();
                r.next();
                b = r.getBlob(1);
                b.setBytes(9, "HAND".getBytes());
                Tap.equal("made by HAND", text(b.getBytes(1, 100)));
                b.truncate(4);
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                b.getBinaryStream().transferTo(out);
                Tap.equal("made", out.toString());
                r.next();
                Tap.equal(null, r.getBlob(1));
            }
            Db.rows(c, "SELECT lo_unlink(body) FROM pictures WHERE body IS NOT NULL");
        });
    }

    private static void clobs() throws Exception {
        in((c, lobs) -> {
            String words = "señor 😀 ".repeat(500);
            try (PreparedStatement p = c.prepareStatement("UPDATE pictures SET note = lo_from_bytea(0, convert_to(?, 'UTF8')) WHERE id = 1")) {
                p.setString(1, words);
                p.executeUpdate();
            }
            try (ResultSet r = c.createStatement().executeQuery("SELECT note FROM pictures WHERE id = 1")) {
                r.next();
                Clob clob = r.getClob(1);
                try (java.io.Reader in = clob.getCharacterStream()) {
                    java.io.StringWriter out = new java.io.StringWriter();
                    in.transferTo(out);
                    Tap.equal(words, out.toString());
                }
            }
            Db.rows(c, "SELECT lo_unlink(note) FROM pictures WHERE note IS NOT NULL");
            Db.run(c, "DROP TABLE pictures");
        });
    }

    private static void autocommit() throws Exception {
        try (Connection c = Db.connect()) {
            LargeObjectManager lobs = c.unwrap(PGConnection.class).getLargeObjectAPI();
            Tap.fails("25P01", lobs::createLO); // NO_ACTIVE_SQL_TRANSACTION, by the driver
            Object oid = Db.one(c, "SELECT lo_from_bytea(0, 'abc')");
            Tap.equal("abc", Db.one(c, "SELECT convert_from(lo_get(" + oid + "), 'UTF8')"));
            Tap.equal(1, Db.one(c, "SELECT lo_unlink(" + oid + ")"));
        }
    }
}
