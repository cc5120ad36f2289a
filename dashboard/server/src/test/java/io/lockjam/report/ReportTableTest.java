// SPDX-License-Identifier: Apache-2.0
package io.lockjam.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockjam.report.ReportTable.Column;
import io.lockjam.report.ReportTable.Unit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportTableTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NANOS|0|0",
                "NANOS|812|812 ns",
                "NANOS|25400000|25.40 ms",
                "NANOS|8100000000|8.10 s",
                "MILLIS|34|34 ms",
                "NUMBER|1170|1,170",
                "NUMBER|3.14159|3.14",
                "SHARE|0.125|12.50 %",
                "SIZE|-1|unbounded",
                "SIZE|2147483647|unbounded",
                "SIZE|64|64"
            })
    void writesAFigureWithItsUnit(Unit unit, double value, String cell) {
        ObjectNode row = JsonNodeFactory.instance.objectNode().put("figure", value);

        assertThat(new Column("figure", "Figure", unit).cell(row)).isEqualTo(cell);
    }

    @ParameterizedTest
    @CsvSource({"missing", "figure"})
    void aDashStandsForWhatIsNotKnown(String key) {
        ObjectNode row = JsonNodeFactory.instance.objectNode().putNull("figure");

        assertThat(new Column(key, "Figure", Unit.NANOS).cell(row)).isEqualTo("–");
    }
}
