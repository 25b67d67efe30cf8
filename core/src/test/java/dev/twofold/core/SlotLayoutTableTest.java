package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jol.datamodel.DataModel;
import org.openjdk.jol.datamodel.Model64;
import org.openjdk.jol.datamodel.Model64_Lilliput;
import org.openjdk.jol.info.ClassData;
import org.openjdk.jol.info.ClassLayout;
import org.openjdk.jol.info.FieldLayout;
import org.openjdk.jol.layouters.HotSpotLayouter;

/**
 * Where the fields of a slot lie, in the ways in which HotSpot lays out objects that are aligned to
 * 8 bytes: far enough from both ends of it that no other object's are on their cache lines.
 */
class SlotLayoutTableTest {

  private static final int APART_BYTES = 128; // Two lines, which are often loaded together.
  private static final int FEATURE_RELEASE = 25;
  private static final Set<String> PADDING =
      Set.of(SlotPadding.class.getSimpleName(), PaddedSlot.class.getSimpleName());

  static Stream<DataModel> models() {
    return Stream.of(
        new Model64(true, true),
        new Model64(false, true),
        new Model64(false, false),
        new Model64_Lilliput(true, 8, false),
        new Model64_Lilliput(false, 8, false));
  }

  @ParameterizedTest
  @MethodSource("models")
  void fieldsAreFarFromOtherObjects(DataModel model) {
    ClassLayout layout =
        new HotSpotLayouter(model, FEATURE_RELEASE).layout(ClassData.parseClass(PaddedSlot.class));
    List<FieldLayout> fields =
        layout.fields().stream()
            .filter(field -> !PADDING.contains(field.classShortName()))
            .toList();

    assertThat(fields)
        .hasSizeGreaterThan(20)
        .allSatisfy(
            field -> {
              assertThat(field.offset()).isGreaterThanOrEqualTo(APART_BYTES);
              assertThat(layout.instanceSize() - field.offset() - field.size())
                  .isGreaterThanOrEqualTo(APART_BYTES);
            });
  }
}
