/** pgjdbc: the driver of everything on the Java virtual machine. */
public class Main {
    public static void main(String[] args) throws Exception {
        Connecting.all();
        Metadata.all();
        for (String mode : new String[] {"extended", "simple", "extendedForPrepared", "extendedCacheEverything"}) {
            new Statements(mode).all();
        }
        // Binary from the first execution on, binary after five, never.
        new Values("values as text", "binaryTransfer=false").all();
        new Values("values, prepared at once", "prepareThreshold=-1").all();
        new Values("values in simple queries", "preferQueryMode=simple").all();
        Batches.all();
        Transactions.all();
        Extensions.all();
        Tap.done();
    }
}
