import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.Calendar;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.UUID;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;
import org.postgresql.geometric.PGpoint;
import org.postgresql.util.PGInterval;
import org.postgresql.util.PGobject;

/** Values of each type, to the server and back, in the formats that properties of the connection choose. */
final class Values {
    private final String how;
    private final Connection conn;

    Values(String how, String... properties) throws Exception {
        this.how = how;
        conn = Db.connect(properties);
    }

    /** What a parameter of a type is set to, and what getObject gives back. */
    private void same(String type, Object... values) {
        Tap.check(how + ": " + type, () -> {
            try (PreparedStatement p = conn.prepareStatement("SELECT ?::" + type)) {
                for (Object value : values) {
                    p.setObject(1, value);
                    try (ResultSet r = p.executeQuery()) {
                        Tap.truth(r.next());
                        Tap.equal(value, r.getObject(1));
                    }
                }
            }
        });
    }

    /** As same, where the value has to be asked for by its class. */
    private <T> void as(String type, Class<T> kind, List<T> values) {
        Tap.check(how + ": " + type + " as " + kind.getSimpleName(), () -> {
            try (PreparedStatement p = conn.prepareStatement("SELECT ?::" + type)) {
                for (T value : values) {
                    p.setObject(1, value);
                    try (ResultSet r = p.executeQuery()) {
                        Tap.truth(r.next());
                        Tap.equal(value, r.getObject(1, kind));
                    }
                }
            }
        });
    }

    void all() throws Exception {
        same("int4", 0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE);
        same("int8", 0L, Long.MAX_VALUE, Long.MIN_VALUE);
        same("float8", 0.0, -1.5, 1e300, Double.MIN_VALUE, 0.1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
        same("float4", 0.5f, 3.4e38f, Float.NaN);
        same("boolean", true, false);
        same("text", "", "a", "Ünïcödé €😀", "line\nbreak\ttab\\ 'quote' \"double\"");
        same("varchar(20)", "x y");
        same("numeric", new BigDecimal("0"), new BigDecimal("1.10"), new BigDecimal("-12345678901234567890.123456789"), new BigDecimal("0.000001"), new BigDecimal("10000"),
                new BigDecimal("1e-30").setScale(30));
        same("uuid", UUID.fromString("01234567-89ab-cdef-0123-456789abcdef"));
        if (!how.contains("simple")) { // where the driver cannot
            same("bytea", new byte[0], new byte[] {0, 1, -1, 39, 92, 127, -128});
        }
        same("date", Date.valueOf("2025-02-28"), Date.valueOf("1970-01-01"), Date.valueOf("0044-03-15"));
        same("timestamp", Timestamp.valueOf("2025-02-28 23:59:59.123456"), Timestamp.valueOf("1901-01-01 00:00:00"));
        same("timestamptz", Timestamp.valueOf("2025-02-28 23:59:59.123456"));
        same("time", Time.valueOf("12:34:56"));
        as("date", LocalDate.class, List.of(LocalDate.of(2025, 2, 28), LocalDate.of(1, 1, 1), LocalDate.of(-44, 3, 15), LocalDate.MAX, LocalDate.MIN));
        as("timestamp", LocalDateTime.class, List.of(LocalDateTime.of(2025, 2, 28, 23, 59, 59, 123456000), LocalDateTime.of(-1000, 1, 1, 0, 0), LocalDateTime.MAX));
        as("timestamptz", OffsetDateTime.class, List.of(OffsetDateTime.of(2025, 7, 1, 12, 0, 0, 1000, ZoneOffset.UTC), OffsetDateTime.MIN));
        as("time", LocalTime.class, List.of(LocalTime.of(1, 2, 3, 4000), LocalTime.MIDNIGHT));
        as("timetz", OffsetTime.class, List.of(OffsetTime.of(1, 2, 3, 0, ZoneOffset.UTC)));
        Tap.check(how + ": times in a calendar's zone", this::calendars);
        Tap.check(how + ": arrays", this::arrays);
        Tap.check(how + ": PGobject types", this::objects);
        Tap.check(how + ": getters that convert", this::conversions);
        Tap.check(how + ": every type of a table", this::table);
        conn.close();
    }

    private void calendars() throws Exception {
        Calendar tokyo = Calendar.getInstance(TimeZone.getTimeZone("Asia/Tokyo"));
        Timestamp t = new Timestamp(1_700_000_000_000L);
        try (PreparedStatement p = conn.prepareStatement("SELECT ?::timestamptz, ?::timestamp, to_char(?::timestamptz AT TIME ZONE 'Asia/Tokyo', 'HH24:MI')")) {
            p.setTimestamp(1, t, tokyo);
            p.setTimestamp(2, t, tokyo);
            p.setTimestamp(3, t);
            try (ResultSet r = p.executeQuery()) {
                Tap.truth(r.next());
                Tap.equal(t, r.getTimestamp(1));
                Tap.equal(t, r.getTimestamp(2, tokyo));
                Tap.equal("07:13", r.getString(3));
            }
        }
    }

    private void arrays() throws Exception {
        array("int4", new Integer[] {1, null, -3});
        array("int8", new Long[] {1L, Long.MAX_VALUE});
        array("int2", new Short[] {1, 2}, new Short[] {1, 2});
        array("float8", new Double[] {1.5, null, Double.NaN});
        array("float4", new Float[] {1.5f});
        array("bool", new Boolean[] {true, null, false});
        array("text", new String[] {"a", null, "", "NULL", "with \"quotes\", commas and {braces}", "back\\slash"});
        array("text", new String[0]);
        array("numeric", new BigDecimal[] {new BigDecimal("1.50"), null});
        array("uuid", new UUID[] {UUID.fromString("01234567-89ab-cdef-0123-456789abcdef")});
        array("int4", new Integer[][] {{1, 2}, {3, null}});
        array("text", new String[][][] {{{"a"}, {"b"}}});
        try (PreparedStatement p = conn.prepareStatement("SELECT ?::int4[], ?::timestamp[], ?::date[]")) {
            p.setObject(1, new int[] {7, 8});
            p.setArray(2, conn.createArrayOf("timestamp", new Object[] {Timestamp.valueOf("2025-01-02 03:04:05")}));
            p.setArray(3, conn.createArrayOf("date", new Object[] {Date.valueOf("2025-01-02"), null}));
            try (ResultSet r = p.executeQuery()) {
                Tap.truth(r.next());
                Array a = r.getArray(1);
                Tap.equal("int4", a.getBaseTypeName());
                Tap.equal("[[1, 7], [2, 8]]", Db.rows(a.getResultSet()).toString());
                Tap.equal(new Integer[] {8}, a.getArray(2, 1));
                Tap.equal(new Timestamp[] {Timestamp.valueOf("2025-01-02 03:04:05")}, r.getArray(2).getArray());
                Tap.equal(new Date[] {Date.valueOf("2025-01-02"), null}, r.getArray(3).getArray());
            }
        }
    }

    private void array(String type, Object[] value) throws Exception {
        array(type, value, value);
    }

    private void array(String type, Object[] value, Object[] want) throws Exception {
        try (PreparedStatement p = conn.prepareStatement("SELECT ?::" + type + "[]")) {
            p.setArray(1, conn.createArrayOf(type, value));
            for (int i = 0; i < 2; i++) {
                try (ResultSet r = p.executeQuery()) {
                    Tap.truth(r.next());
                    Tap.equal(want, r.getArray(1).getArray());
                }
            }
        }
    }

    private void objects() throws Exception {
        for (Map.Entry<String, String> e : Map.ofEntries(Map.entry("json", "{\"a\":  1}"), Map.entry("jsonb", "{\"a\": [1, null]}"), Map.entry("inet", "10.0.0.1/8"),
                Map.entry("cidr", "10.0.0.0/8"), Map.entry("int4range", "[1,5)"), Map.entry("tstzrange", "[\"2025-01-01 00:00:00+00\",)"), Map.entry("bit", "1"),
                Map.entry("varbit", "1010"), Map.entry("tsvector", "'a':1 'b':2"), Map.entry("shop.mood", "happy"), Map.entry("shop.address", "(\"Main St\",12345,7)"),
                Map.entry("int4multirange", "{[1,3),[5,7)}"), Map.entry("macaddr", "08:00:2b:01:02:03"), Map.entry("jsonpath", "$.\"a\""), Map.entry("regclass", "pg_class")).entrySet()) {
            PGobject o = new PGobject();
            o.setType(e.getKey());
            o.setValue(e.getValue());
            try (PreparedStatement p = conn.prepareStatement("SELECT ?::" + e.getKey())) {
                p.setObject(1, o);
                for (int i = 0; i < 6; i++) {
                    try (ResultSet r = p.executeQuery()) {
                        Tap.truth(r.next());
                        Tap.equal(e.getValue(), r.getString(1));
                    }
                }
            }
        }
        try (PreparedStatement p = conn.prepareStatement("SELECT ?::interval, ?::point")) {
            p.setObject(1, new PGInterval(1, 2, -3, 4, 5, 6.789));
            p.setObject(2, new PGpoint(1.5, -2));
            for (int i = 0; i < 6; i++) {
                try (ResultSet r = p.executeQuery()) {
                    Tap.truth(r.next());
                    Tap.equal(new PGInterval(1, 2, -3, 4, 5, 6.789), r.getObject(1));
                    Tap.equal(new PGpoint(1.5, -2), r.getObject(2));
                }
            }
        }
        // An enum as a string needs a type or stringtype=unspecified.
        try (PreparedStatement p = conn.prepareStatement("SELECT ? = mood FROM shop.customers WHERE id = 1")) {
            p.setObject(1, "happy", Types.OTHER);
            try (ResultSet r = p.executeQuery()) {
                Tap.truth(r.next() && r.getBoolean(1));
            }
        }
        Tap.equal("\"shop\".\"mood\"", conn.unwrap(PGConnection.class).createArrayOf("shop.mood", new Object[] {"ok"}).getBaseTypeName());
    }

    private void conversions() throws Exception {
        String sql = "SELECT 42::int2 AS s, '12.5'::numeric AS n, 't'::text AS b, '2025-03-04 05:06:07'::timestamp AS ts, 'abc'::bytea AS y, 7::int8 AS l, 1.9::float8 AS f, 'c'::\"char\" AS c, 'n'::name AS na, 17::oid AS o";
        try (PreparedStatement p = conn.prepareStatement(sql)) {
            p.unwrap(PGStatement.class).setPrepareThreshold(2);
            for (int i = 0; i < 4; i++) {
                try (ResultSet r = p.executeQuery()) {
                    Tap.truth(r.next());
                    Tap.equal(42, r.getInt("s"));
                    Tap.equal("42", r.getString("S"));
                    Tap.equal(12L, r.getLong("n"));
                    Tap.equal(12.5, r.getDouble("n"));
                    Tap.truth(r.getBoolean("b"));
                    Tap.equal(Date.valueOf("2025-03-04"), r.getDate("ts"));
                    Tap.equal(Time.valueOf("05:06:07"), r.getTime("ts"));
                    Tap.equal("2025-03-04 05:06:07", r.getString("ts"));
                    Tap.equal(new byte[] {97, 98, 99}, r.getBytes("y"));
                    Tap.equal((short) 7, r.getShort("l"));
                    Tap.equal(new BigDecimal("1.9"), r.getBigDecimal("f"));
                    Tap.equal("c n 17", r.getString("c") + " " + r.getString("na") + " " + r.getLong("o"));
                    Tap.fails("42703", () -> r.findColumn("missing"));
                }
            }
        }
    }

    /** The sample's products and customers, read often enough to be sent in binary. */
    private void table() throws Exception {
        try (PreparedStatement p = conn.prepareStatement("SELECT * FROM shop.customers c, shop.products p WHERE c.id <> ? ORDER BY c.id, p.sku")) {
            p.setInt(1, 2);
            String first = null;
            for (int i = 0; i < 7; i++) {
                try (ResultSet r = p.executeQuery()) {
                    String now = Tap.table(r, "TAGS"); // whose text the driver makes, of binary
                    Tap.equal(first == null ? now : first, now);
                    first = now;
                }
            }
            Tap.golden(java.nio.file.Path.of("testdata/values.txt"), "every type of a table", first);
        }
    }
}
