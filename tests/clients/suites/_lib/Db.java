import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Connections to the server that a suite runs on. */
final class Db {
    static final String url = "jdbc:postgresql://" + System.getenv("PGHOST") + ":" + System.getenv("PGPORT") + "/" + System.getenv("PGDATABASE");

    /** Connects with properties of the driver, as key=value. */
    static Connection connect(String... properties) throws SQLException {
        return DriverManager.getConnection(url + "?" + String.join("&", properties), System.getenv("PGUSER"), System.getenv("PGPASSWORD"));
    }

    static int run(Connection c, String sql) throws SQLException {
        try (Statement s = c.createStatement()) {
            s.execute(sql);
            return s.getUpdateCount();
        }
    }

    /** The rows of a query, each a list of what getObject gives. */
    static List<List<Object>> rows(Connection c, String sql) throws SQLException {
        try (Statement s = c.createStatement(); ResultSet r = s.executeQuery(sql)) {
            return rows(r);
        }
    }

    static List<List<Object>> rows(ResultSet r) throws SQLException {
        List<List<Object>> all = new ArrayList<>();
        while (r.next()) {
            List<Object> row = new ArrayList<>();
            for (int i = 1; i <= r.getMetaData().getColumnCount(); i++) {
                row.add(r.getObject(i));
            }
            all.add(row);
        }
        return all;
    }

    /** The first column of the only row. */
    static Object one(Connection c, String sql) throws SQLException {
        return rows(c, sql).get(0).get(0);
    }

    /** Makes the sample schema, once for a database. */
    static void sample() throws SQLException, IOException {
        try (Connection c = connect()) {
            if (one(c, "SELECT to_regnamespace('shop')") == null) {
                run(c, Files.readString(Path.of("../_lib/sample.sql")));
            }
        }
    }
}
