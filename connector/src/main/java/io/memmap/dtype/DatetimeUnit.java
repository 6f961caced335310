package io.memmap.dtype;

/** The units of {@code M8} and {@code m8}, spelt as NumPy spells them in {@code M8[ns]}. */
public enum DatetimeUnit {
    YEAR("Y"),
    MONTH("M"),
    WEEK("W"),
    DAY("D"),
    HOUR("h"),
    MINUTE("m"),
    SECOND("s"),
    MILLISECOND("ms"),
    MICROSECOND("us"),
    NANOSECOND("ns"),
    PICOSECOND("ps"),
    FEMTOSECOND("fs"),
    ATTOSECOND("as");

    private final String symbol;

    DatetimeUnit(String symbol) {
        this.symbol = symbol;
    }

    public String symbol() {
        return symbol;
    }

    /** The unit with this symbol, or null when NumPy has none. */
    static DatetimeUnit ofSymbol(String symbol) {
        for (DatetimeUnit unit : values()) {
            if (unit.symbol.equals(symbol)) {
                return unit;
            }
        }
        return null;
    }
}
