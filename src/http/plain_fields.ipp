// The loop of plain_fields.hpp, once for each kind of vector: included where `vector` and
// WEIR_VECTOR_TARGET, the attribute of functions that may use its instructions, are defined.

constexpr std::ptrdiff_t line_end_size = 2;

constexpr std::uint16_t as_two_bytes(char first, char second) noexcept {
    return std::bit_cast<std::uint16_t>(std::array{first, second});
}

WEIR_VECTOR_TARGET inline std::uint16_t two_bytes(const char* at) noexcept {
    std::uint16_t both = 0;
    std::memcpy(&both, at, sizeof both);
    return both;
}

// Finds what may be a line's end, and takes the line.
class line_reader {
public:
    WEIR_VECTOR_TARGET explicit line_reader(const field_lines_text& text) noexcept
        : last_{text.last},
          last_name_{text.last - vector::name_width},
          last_end_{text.limit - line_end_size} {}

    // Bit i is set where block[i] is a control character or not ASCII. There are as many readable
    // bytes before `last` as in a block.
    WEIR_VECTOR_TARGET std::uint64_t ends_in(const char* block) const noexcept {
        if (last_ - block >= block_size) return bytes_.ends(block);
        return bytes_.ends(last_ - block_size) >> (block_size - (last_ - block));
    }

    // Whether what lies before `end`, the first bit of ends_in() behind `line`, is a plain line.
    WEIR_VECTOR_TARGET bool take(const char* line, const char* end, field& content) const noexcept {
        if (end > last_end_ || two_bytes(end) != as_two_bytes('\r', '\n')) return false;
        const std::size_t size = name_size(line);
        const char* const start = line + size + 2;
        if (size == 0 || start >= end || two_bytes(line + size) != as_two_bytes(':', ' '))
            return false;
        if (*start == ' ' || end[-1] == ' ') return false;
        content.name = {line, size};
        content.value = {start, static_cast<std::size_t>(end - start)};
        return true;
    }

private:
    // How many letters and dashes there are, of up to 31.
    WEIR_VECTOR_TARGET std::size_t name_size(const char* first) const noexcept {
        const std::uint32_t ends = first <= last_name_
                                       ? bytes_.name_ends(first)
                                       : bytes_.name_ends(last_name_) >> (first - last_name_);
        return static_cast<std::size_t>(std::countr_zero(ends | 1U << 31U));
    }

    vector bytes_;
    const char* last_;
    const char* last_name_;  // the last place where a whole vector can be read
    const char* last_end_;
};

// Where lines end is found a block at a time, so that no line has to wait for what is in the one
// before it.
WEIR_VECTOR_TARGET skimmed_fields skim_all(const field_lines_text& text,
                                           std::span<field> into) noexcept {
    skimmed_fields found{text.first, 0, 0};
    if (text.last - text.begin < block_size || text.limit - text.begin < line_end_size)
        return found;
    const line_reader lines{text};
    const std::size_t most = std::min(into.size(), std::size_t{64});
    field* each = into.data();
    for (const char* block = text.first; block < text.last; block += block_size) {
        std::uint64_t ends = lines.ends_in(block);
        if (found.next > block) ends &= ~std::uint64_t{1};  // the line feed of a line before it
        while (ends != 0) {
            const char* const end = block + std::countr_zero(ends);
            if (found.count == most || !lines.take(found.next, end, *each)) return found;
            found.next = end + line_end_size;
            if (control_fields::may_know(each->name))
                found.known |= std::uint64_t{1} << found.count;
            ++found.count;
            ++each;
            ends &= ends - 1;
            ends &= ends - 1;
        }
    }
    return found;
}
