package dev.twofold.cli;

import dev.twofold.cli.bench.WorkloadKind;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a workload. */
final class WorkloadConverter implements ITypeConverter<WorkloadKind>, Iterable<String> {

  private static final List<WorkloadKind> KINDS = List.of(WorkloadKind.values());

  @Override
  public WorkloadKind convert(String text) {
    return KINDS.stream()
        .filter(kind -> kind.title().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'%s' is no workload; there are %s".formatted(text, String.join(", ", this))));
  }

  /** Names what may be written. */
  @Override
  public Iterator<String> iterator() {
    return KINDS.stream().map(WorkloadKind::title).iterator();
  }
}
