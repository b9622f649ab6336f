import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The Test Anything Protocol for suites in Java, and expectations that PostgreSQL wrote. */
final class Tap {
    interface Body {
        void run() throws Exception;
    }

    private static int count, failed;
    private static final boolean write = System.getenv("GOLDEN_WRITE") != null;
    private static final Map<Path, Map<String, String>> golden = new LinkedHashMap<>();

    /** Runs the body at once, as one check. */
    static void check(String name, Body body) {
        count++;
        try {
            body.run();
            System.out.printf("ok %d - %s%n", count, name);
        } catch (Throwable e) {
            failed++;
            System.out.printf("not ok %d - %s%n", count, name);
            explain(e);
        }
        System.out.flush();
    }

    private static void explain(Throwable e) {
        (e + "\n").lines().forEach(line -> System.out.println("# " + line));
        for (StackTraceElement frame : e.getStackTrace()) {
            System.out.println("#     at " + frame);
        }
        if (e.getCause() != null) {
            explain(e.getCause());
        }
    }

    static void equal(Object want, Object got) {
        if (!Objects.deepEquals(want, got)) {
            throw new AssertionError("want " + show(want) + "\ngot  " + show(got));
        }
    }

    static void truth(boolean condition) {
        if (!condition) {
            throw new AssertionError("is false");
        }
    }

    /** The SQLException that the body throws must have the SQLSTATE. */
    static SQLException fails(String state, Body body) throws Exception {
        try {
            body.run();
        } catch (SQLException e) {
            if (!state.equals(e.getSQLState())) {
                throw e;
            }
            return e;
        }
        throw new AssertionError("no error, want " + state);
    }

    /** Says the plan and ends the program. */
    static void done() throws IOException {
        if (write) {
            for (Map.Entry<Path, Map<String, String>> file : golden.entrySet()) {
                writeGolden(file.getKey(), file.getValue());
            }
        }
        System.out.printf("1..%d%n", count);
        System.exit(failed > 0 ? 1 : 0);
    }

    /**
     * Compares text with the part of that name in a file of expectations, which GOLDEN_WRITE=1 writes anew (against
     * PostgreSQL only). A part begins with a line of "== " and its name.
     */
    static void golden(Path file, String name, String text) throws IOException {
        if (!golden.containsKey(file)) {
            golden.put(file, write ? new LinkedHashMap<>() : readGolden(file));
        }
        if (write) {
            golden.get(file).put(name, text);
            return;
        }
        String want = golden.get(file).get(name);
        if (!text.equals(want)) {
            throw new AssertionError(difference(want == null ? "" : want, text));
        }
    }

    private static String difference(String want, String got) {
        List<String> missing = new ArrayList<>(want.lines().toList()), more = new ArrayList<>(got.lines().toList());
        for (String line : want.lines().toList()) {
            if (more.remove(line)) {
                missing.remove(line);
            }
        }
        StringBuilder b = new StringBuilder(missing.isEmpty() && more.isEmpty() ? "another order\n" + got : "");
        missing.forEach(line -> b.append("\n- ").append(line));
        more.forEach(line -> b.append("\n+ ").append(line));
        return b.toString();
    }

    private static Map<String, String> readGolden(Path file) throws IOException {
        Map<String, String> parts = new LinkedHashMap<>();
        for (String part : ("\n" + Files.readString(file)).split("\n== ")) {
            int end = part.indexOf('\n');
            if (end > 0) {
                parts.put(part.substring(0, end), part.substring(end + 1).strip() + "\n");
            }
        }
        return parts;
    }

    private static void writeGolden(Path file, Map<String, String> parts) throws IOException {
        StringBuilder b = new StringBuilder();
        parts.forEach((name, text) -> b.append("== ").append(name).append('\n').append(text).append('\n'));
        Files.writeString(file, b.toString());
    }

    /** A result as text: its columns with their types, then its rows; without the columns named (in upper case). */
    static String table(ResultSet rows, String... without) throws SQLException {
        ResultSetMetaData meta = rows.getMetaData();
        List<Integer> shown = new ArrayList<>();
        List<String> head = new ArrayList<>();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            if (!Arrays.asList(without).contains(meta.getColumnLabel(i).toUpperCase())) {
                shown.add(i);
                head.add(meta.getColumnLabel(i) + ":" + meta.getColumnTypeName(i));
            }
        }
        StringBuilder b = new StringBuilder(String.join(" | ", head)).append('\n');
        while (rows.next()) {
            List<String> row = new ArrayList<>();
            for (int i : shown) {
                row.add(String.valueOf(rows.getString(i)).replace("\n", "\\n"));
            }
            b.append(String.join(" | ", row).stripTrailing()).append('\n');
        }
        return b.toString();
    }

    static String show(Object value) {
        if (value instanceof Object[] array) {
            return Arrays.deepToString(array);
        }
        return value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value);
    }
}
