import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.opensearch.analysis.common.CommonAnalysisPlugin;
import org.opensearch.common.settings.Settings;
import org.opensearch.index.mapper.MapperExtrasPlugin;
import org.opensearch.index.reindex.ReindexPlugin;
import org.opensearch.ingest.common.IngestCommonPlugin;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.Plugin;
import org.opensearch.transport.Netty4Plugin;

/**
 * One OpenSearch node in this JVM, for tests and runs on one machine: none of the checks and none
 * of the security of a real installation. Each argument is a setting: http.port=9200. Ends with 0
 * on SIGTERM, when the node is closed.
 */
public final class OpenSearchNode extends Node {
  private static final List<Class<? extends Plugin>> MODULES =
      List.of(
          Netty4Plugin.class,
          CommonAnalysisPlugin.class,
          ReindexPlugin.class,
          MapperExtrasPlugin.class,
          IngestCommonPlugin.class);

  private OpenSearchNode(Settings settings) {
    super(
        InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "node"),
        MODULES,
        true);
  }

  private static Settings parse(String[] arguments) {
    Settings.Builder settings = Settings.builder();
    for (String argument : arguments) {
      String[] parts = argument.split("=", 2);
      if (parts.length != 2) {
        throw new IllegalArgumentException("'" + argument + "' is not of the form SETTING=VALUE");
      }
      settings.put(parts[0], parts[1]);
    }
    return settings.build();
  }

  private void closeAtExit() {
    try {
      close();
    } catch (IOException e) {
      System.err.println("the node did not close: " + e.getMessage());
    }
  }

  public static void main(String[] arguments) throws Exception {
    OpenSearchNode node = new OpenSearchNode(parse(arguments));
    Runtime.getRuntime().addShutdownHook(new Thread(node::closeAtExit));
    node.start();
    new CountDownLatch(1).await();
  }
}
