import java.lang.reflect.Method;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Every method of DatabaseMetaData, on the sample schema. */
final class Metadata {
    private static final Path file = Path.of("testdata/metadata.txt");
    /** Where the server is, not what it is. */
    private static final Set<String> local = Set.of("getURL", "getUserName", "getDatabaseProductVersion", "getSystemFunctions");

    private interface Call {
        ResultSet on(DatabaseMetaData m) throws Exception;
    }

    private static Connection conn;
    private static String catalog;

    static void all() throws Exception {
        Db.sample();
        conn = Db.connect();
        catalog = conn.getCatalog();
        scalars();
        tables();
        columns();
        keys();
        routines();
        types();
        privileges();
        results();
        conn.close();
    }

    private static void show(String name, Call call, String... without) {
        Tap.check("metadata: " + name, () -> {
            try (ResultSet r = call.on(conn.getMetaData())) {
                // The driver says the database's name as the catalog's; s3db is the schema of our own views.
                Tap.golden(file, name, Tap.table(r, without).replaceAll("(?m)^" + catalog + " \\|", "DB |").replace("\ns3db | null\n", "\n"));
            }
        });
    }

    private static void scalars() {
        Tap.check("metadata: what the server can do", () -> {
            DatabaseMetaData m = conn.getMetaData();
            Map<String, Object> values = new TreeMap<>();
            for (Method method : DatabaseMetaData.class.getMethods()) {
                Class<?> type = method.getReturnType();
                if (method.getParameterCount() == 0 && !local.contains(method.getName()) && (type.isPrimitive() || type == String.class)) {
                    values.put(method.getName(), method.invoke(m));
                }
            }
            StringBuilder b = new StringBuilder();
            values.forEach((name, value) -> b.append(name).append(" = ").append(value).append('\n'));
            Tap.golden(file, "what the server can do", b.toString());
        });
        Tap.check("metadata: the version is PostgreSQL's", () -> Tap.equal(15, conn.getMetaData().getDatabaseMajorVersion()));
    }

    private static void tables() {
        show("getSchemas", m -> m.getSchemas());
        show("getSchemas of a pattern", m -> m.getSchemas(catalog, "%o%"));
        Tap.check("metadata: getCatalogs has this one", () -> {
            boolean found = false;
            try (ResultSet r = conn.getMetaData().getCatalogs()) {
                while (r.next()) {
                    found |= r.getString("TABLE_CAT").equals(catalog);
                }
            }
            Tap.truth(found);
        });
        show("getTableTypes", m -> m.getTableTypes());
        show("getTables of a schema", m -> m.getTables(null, "shop", "%", null));
        show("getTables of types", m -> m.getTables(catalog, null, "%or%", new String[] {"TABLE", "VIEW", "MATERIALIZED VIEW"}));
        show("getTables: partitions, indexes, sequences, types", m -> m.getTables(null, "shop", null,
                new String[] {"PARTITIONED TABLE", "INDEX", "PARTITIONED INDEX", "SEQUENCE", "TYPE"}));
        show("getTables: odd names", m -> m.getTables(null, "Odd Names", "Äpfel & 'Birnen'", null));
        show("getTables: system tables", m -> m.getTables(null, "pg_catalog", "pg\\_c%", new String[] {"SYSTEM TABLE"}));
        show("getTables: information_schema", m -> m.getTables(null, "information_schema", "%", new String[] {"SYSTEM VIEW", "SYSTEM TABLE"}));
    }

    private static void columns() {
        for (String table : new String[] {"customers", "products", "orders", "big\\_orders", "per\\_mood", "events", "birds", "address"}) {
            show("getColumns of " + table, m -> m.getColumns(null, "shop", table, "%"));
        }
        show("getColumns of a pattern", m -> m.getColumns(catalog, "%", "order%", "%id"));
        show("getColumns: odd names", m -> m.getColumns(null, "Odd Names", "%", null));
        show("getColumns of pg_class", m -> m.getColumns(null, "pg_catalog", "pg\\_class", "%"));
        show("getColumns of information_schema.columns", m -> m.getColumns(null, "information_schema", "columns", "%"));
        show("getPseudoColumns", m -> {
            Tap.fails("0A000", () -> m.getPseudoColumns(null, "shop", "orders", "%"));
            return m.getVersionColumns(null, "shop", "orders");
        });
    }

    private static void keys() {
        for (String table : new String[] {"customers", "order_lines", "shipments", "actives", "per_mood", "events"}) {
            show("getPrimaryKeys of " + table, m -> m.getPrimaryKeys(null, "shop", table));
            show("getImportedKeys of " + table, m -> m.getImportedKeys(null, "shop", table));
            show("getExportedKeys of " + table, m -> m.getExportedKeys(catalog, "shop", table));
            show("getIndexInfo of " + table, m -> m.getIndexInfo(null, "shop", table, false, true), "CARDINALITY", "PAGES");
        }
        show("getIndexInfo, unique", m -> m.getIndexInfo(null, "shop", "customers", true, false), "CARDINALITY", "PAGES");
        show("getImportedKeys of a schema", m -> m.getImportedKeys(null, "shop", null));
        show("getCrossReference", m -> m.getCrossReference(null, "shop", "orders", null, "shop", "order_lines"));
        show("getBestRowIdentifier", m -> m.getBestRowIdentifier(null, "shop", "order_lines", DatabaseMetaData.bestRowSession, false));
        show("getBestRowIdentifier without a key", m -> m.getBestRowIdentifier(null, "shop", "events", DatabaseMetaData.bestRowSession, false));
    }

    private static void routines() {
        show("getFunctions", m -> m.getFunctions(null, "shop", "%"), "SPECIFIC_NAME");
        show("getFunctionColumns", m -> m.getFunctionColumns(null, "shop", "%", "%"), "SPECIFIC_NAME");
        show("getFunctions of pg_catalog", m -> m.getFunctions(null, "pg_catalog", "array\\_ap%"));
        show("getFunctionColumns of pg_catalog", m -> m.getFunctionColumns(null, "pg_catalog", "array\\_append", "%"));
        show("getProcedures", m -> m.getProcedures(null, "shop", "%"), "SPECIFIC_NAME");
        show("getProcedureColumns", m -> m.getProcedureColumns(null, "shop", "greet", "%"), "SPECIFIC_NAME");
    }

    private static void types() {
        show("getUDTs", m -> m.getUDTs(null, "shop", "%", null));
        show("getUDTs of a kind", m -> m.getUDTs(null, "%", "a%", new int[] {java.sql.Types.STRUCT}));
        Tap.check("metadata: getTypeInfo has the types that programs use", () -> {
            Set<String> names = new java.util.TreeSet<>(Set.of("bool", "bytea", "int8", "int2", "int4", "text", "json", "jsonb", "float4",
                    "float8", "varchar", "bpchar", "date", "time", "timetz", "timestamp", "timestamptz", "interval", "numeric", "uuid", "_int4",
                    "_text", "int4range", "inet", "bit", "varbit", "oid", "name", "serial", "bigserial", "smallserial", "point", "tsvector"));
            StringBuilder b = new StringBuilder();
            try (ResultSet r = conn.getMetaData().getTypeInfo()) {
                Map<String, String> rows = new TreeMap<>();
                while (r.next()) {
                    String name = r.getString("TYPE_NAME");
                    if (names.contains(name)) {
                        StringBuilder row = new StringBuilder();
                        for (int i = 1; i <= r.getMetaData().getColumnCount(); i++) {
                            row.append(r.getString(i)).append(" | ");
                        }
                        rows.put(name, row.toString().stripTrailing());
                    }
                }
                rows.values().forEach(row -> b.append(row).append('\n'));
            }
            Tap.golden(file, "getTypeInfo", b.toString());
        });
        for (String name : new String[] {"getSuperTypes", "getSuperTables", "getAttributes"}) {
            Tap.check("metadata: " + name + " is the driver's own answer", () -> Tap.fails("0A000", () -> {
                DatabaseMetaData m = conn.getMetaData();
                switch (name) {
                    case "getSuperTypes" -> m.getSuperTypes(null, "shop", "%");
                    case "getSuperTables" -> m.getSuperTables(null, "shop", "%");
                    default -> m.getAttributes(null, "shop", "address", "%");
                }
            }));
        }
        show("getClientInfoProperties", m -> m.getClientInfoProperties());
    }

    private static void privileges() {
        show("getTablePrivileges", m -> m.getTablePrivileges(null, "shop", "customers"));
        show("getColumnPrivileges", m -> m.getColumnPrivileges(null, "shop", "customers", "%name"));
    }

    /** ResultSetMetaData asks the catalog too: names of tables, nullability, identity. */
    private static void results() {
        Tap.check("metadata: of a result", () -> {
            StringBuilder b = new StringBuilder();
            try (Statement s = conn.createStatement();
                    ResultSet r = s.executeQuery("SELECT c.id AS key, c.*, o.*, 1 + 1 AS two, p.* FROM shop.customers c, shop.orders o, shop.products p LIMIT 0")) {
                var m = r.getMetaData();
                for (int i = 1; i <= m.getColumnCount(); i++) {
                    b.append(String.join(" | ", m.getColumnLabel(i), ((org.postgresql.PGResultSetMetaData) m).getBaseColumnName(i), m.getSchemaName(i),
                            m.getTableName(i), ((org.postgresql.PGResultSetMetaData) m).getBaseSchemaName(i),
                            ((org.postgresql.PGResultSetMetaData) m).getBaseTableName(i), m.getColumnTypeName(i), m.getColumnClassName(i),
                            "" + m.getColumnType(i), "" + m.getPrecision(i), "" + m.getScale(i), "" + m.getColumnDisplaySize(i), "" + m.isNullable(i),
                            "" + m.isAutoIncrement(i), "" + m.isSigned(i), "" + m.isCaseSensitive(i), "" + m.isSearchable(i), "" + m.isCurrency(i)))
                        .append('\n');
                }
            }
            Tap.golden(file, "of a result", b.toString());
        });
        Tap.check("metadata: of parameters", () -> {
            try (var p = conn.prepareStatement("INSERT INTO shop.customers (id, email, born, profile, tags, mood, home) VALUES (?, ?, ?, ?, ?, ?, ?)")) {
                StringBuilder b = new StringBuilder();
                var m = p.getParameterMetaData();
                for (int i = 1; i <= m.getParameterCount(); i++) {
                    b.append(m.getParameterTypeName(i)).append(' ').append(m.getParameterClassName(i)).append(' ').append(m.getParameterType(i)).append('\n');
                }
                Tap.golden(file, "of parameters", b.toString());
            }
        });
    }
}
