import java.util.HashMap;
import java.util.Map;

/** Flags as {@code --name value}; {@code --json} stands alone. What else there is are words. */
final class Flags {
  private final Map<String, String> values = new HashMap<>();
  final java.util.List<String> words = new java.util.ArrayList<>();

  Flags(String[] arguments) {
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].equals("--json")) {
        values.put("--json", "");
      } else if (arguments[i].startsWith("--")) {
        values.put(arguments[i], arguments[++i]);
      } else {
        words.add(arguments[i]);
      }
    }
  }

  String get(String name, String otherwise) {
    return values.getOrDefault(name, otherwise);
  }

  boolean has(String name) {
    return values.containsKey(name);
  }
}
