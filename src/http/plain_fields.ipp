// The loop of plain_fields.hpp, once for each kind of vector: included where `vector` and
// WEIR_VECTOR_TARGET, the attribute of functions that may use its instructions, are defined.

constexpr std::uint16_t as_two_bytes(char first, char second) noexcept {
    return std::bit_cast<std::uint16_t>(std::array{first, second});
}

WEIR_VECTOR_TARGET inline std::uint16_t two_bytes(const char* at) noexcept {
    std::uint16_t both = 0;
    std::memcpy(&both, at, sizeof both);
    return both;
}

// Bit i is set where block[i] is a control character. [last - 64, last) is readable.
WEIR_VECTOR_TARGET inline std::uint64_t ends_in(const char* block, const char* last) noexcept {
    if (last - block >= block_size) return vector::controls(block);
    return vector::controls(last - block_size) >> (block_size - (last - block));
}

// How many letters and dashes there are; 32 stands for more, too.
WEIR_VECTOR_TARGET inline std::uint32_t name_size(const char* first, const char* last) noexcept {
    const std::uint32_t ends =
        last - first >= vector::name_width
            ? vector::name_ends(first)
            : vector::name_ends(last - vector::name_width) >> (vector::name_width - (last - first));
    return static_cast<std::uint32_t>(std::countr_zero(ends));
}

// Whether the line whose first control character is at `end` is one.
WEIR_VECTOR_TARGET inline bool take(const field_lines_text& text, const char* line, const char* end,
                                    field& content) noexcept {
    if (text.limit - end < 2 || two_bytes(end) != as_two_bytes('\r', '\n')) return false;
    const std::uint32_t size = name_size(line, text.last);
    if (size - 1 >= vector::name_width - 1 || end - line <= size + 2) return false;
    const char* const start = line + size + 2;
    if (two_bytes(line + size) != as_two_bytes(':', ' ') || *start == ' ' || end[-1] == ' ')
        return false;
    content.name = {line, size};
    content.value = {start, static_cast<std::size_t>(end - start)};
    return true;
}

// Where lines end is found a block at a time, so that no line has to wait for what is in the one
// before it.
WEIR_VECTOR_TARGET skimmed_fields skim_all(const field_lines_text& text,
                                           std::span<field> into) noexcept {
    skimmed_fields found{text.first, 0, 0};
    if (text.last - text.begin < block_size) return found;
    const std::size_t most = std::min(into.size(), std::size_t{64});
    for (const char* block = text.first; block < text.last; block += block_size) {
        std::uint64_t ends = ends_in(block, text.last);
        if (found.next > block) ends &= ~std::uint64_t{1};  // the line feed of a line before it
        while (ends != 0) {
            const char* const end = block + std::countr_zero(ends);
            if (found.count == most) return found;
            field& each = into.data()[found.count];
            if (!take(text, found.next, end, each)) return found;
            found.next = end + 2;
            found.known |= std::uint64_t{control_fields::may_know(each.name)} << found.count++;
            ends &= ends - 1;
            ends &= ends - 1;
        }
    }
    return found;
}
