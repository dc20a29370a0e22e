// What cutting one frame out of a buffer, and writing the header of one, costs.
#include <cstddef>
#include <vector>

#include <benchmark/benchmark.h>

#include "weir/frame/codec.hpp"

namespace {

using weir::frame::codec;
using weir::frame::codec_options;
using weir::frame::header_buffer;

// A receive buffer full of frames of 64 bytes, as a busy connection has it.
std::vector<std::byte> full_slab(const codec& codec) {
    std::vector<std::byte> slab;
    header_buffer buffer;
    while (slab.size() < 16 * 1024 - 128) {
        const auto header = codec.encode_header(64, buffer);
        slab.insert(slab.end(), header->begin(), header->end());
        slab.resize(slab.size() + 64);
    }
    return slab;
}

void decode(benchmark::State& state, const codec_options& options) {
    const codec codec{options};
    const std::vector<std::byte> slab = full_slab(codec);
    weir::bytes_view rest{slab};
    for ([[maybe_unused]] auto _ : state) {
        const auto answer = codec.decode(rest);
        if (!answer.is_frame()) {
            rest = slab;
            continue;
        }
        benchmark::DoNotOptimize(answer.payload().data());
        rest = rest.subspan(answer.consumed());
    }
}
BENCHMARK_CAPTURE(decode, default_options, codec_options{});
BENCHMARK_CAPTURE(decode, little_endian_8_bytes,
                  codec_options{.length_field_length = 8, .big_endian = false});
BENCHMARK_CAPTURE(decode, length_counts_header, codec_options{.length_adjustment = -4});

void encode_header(benchmark::State& state) {
    const codec codec;
    header_buffer buffer;
    std::size_t length = 64;
    for ([[maybe_unused]] auto _ : state) {
        benchmark::DoNotOptimize(length);
        benchmark::DoNotOptimize(codec.encode_header(length, buffer));
        benchmark::ClobberMemory();
    }
}
BENCHMARK(encode_header);

}  // namespace
