import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;

/** Tls USER PARAMETERS: pgjdbc with parameters of its URL. */
public class Tls {
    public static void main(String[] args) throws Exception {
        String url = "jdbc:postgresql://" + System.getenv("PGHOST") + ":" + System.getenv("PGPORT") + "/" + System.getenv("PGDATABASE") + "?" + args[1];
        try (Connection c = DriverManager.getConnection(url, args[0], System.getenv("PGPASSWORD"))) {
            try (ResultSet r = c.createStatement().executeQuery("SELECT ssl, version, current_user, coalesce(client_dn, '') FROM pg_stat_ssl WHERE pid = pg_backend_pid()")) {
                r.next();
                System.out.println((r.getBoolean(1) + " " + r.getString(2) + " " + r.getString(3) + " " + r.getString(4)).strip());
            }
            try (ResultSet r = c.createStatement().executeQuery("SELECT repeat('x', 1000) FROM generate_series(1, 3000)")) {
                int n = 0;
                while (r.next()) n++;
                if (n != 3000) throw new Exception("rows: " + n);
            }
        }
    }
}
