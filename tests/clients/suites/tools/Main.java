import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.TreeSet;

/** The statements that tools send when they connect and browse a schema, written after their sources: a file for each. */
public class Main {
    public static void main(String[] args) throws Exception {
        Db.sample();
        TreeSet<Path> files = new TreeSet<>();
        try (DirectoryStream<Path> dir = Files.newDirectoryStream(Path.of("."), "*.sql")) {
            dir.forEach(files::add);
        }
        for (Path file : files) {
            try (Connection c = Db.connect()) {
                Script.run(file, Script.on(c));
            }
        }
        Tap.done();
    }
}
