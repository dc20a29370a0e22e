// What cutting one frame out of a buffer, and writing the header of one, costs.
#include <cstddef>
#include <vector>

#include <benchmark/benchmark.h>

#include "weir/frame/codec.hpp"
#include "weir/frame/delimiter_codec.hpp"
#include "weir/frame/varint_codec.hpp"

namespace {

using weir::frame::codec;
using weir::frame::codec_options;
using weir::frame::header_buffer;

// A receive buffer full of frames of 64 bytes, as a busy connection has it.
template <weir::frame::frame_codec Codec>
std::vector<std::byte> full_slab(const Codec& codec) {
    std::vector<std::byte> slab;
    header_buffer buffer;
    const std::vector<std::byte> payload(64);
    while (slab.size() < 16 * 1024 - 128) {
        const auto around = codec.encode(payload, buffer);
        for (const auto part : {around->header(), weir::bytes_view{payload}, around->trailer()})
            slab.insert(slab.end(), part.begin(), part.end());
    }
    return slab;
}

template <class Codec>
void decode_all(benchmark::State& state, const Codec& codec) {
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

void decode(benchmark::State& state, const codec_options& options) {
    decode_all(state, codec{options});
}
BENCHMARK_CAPTURE(decode, default_options, codec_options{});
BENCHMARK_CAPTURE(decode, little_endian_8_bytes,
                  codec_options{.length_field_length = 8, .big_endian = false});
BENCHMARK_CAPTURE(decode, length_counts_header, codec_options{.length_adjustment = -4});

void decode_varint(benchmark::State& state) { decode_all(state, weir::frame::varint_codec{}); }
BENCHMARK(decode_varint);

void decode_line(benchmark::State& state) { decode_all(state, weir::frame::delimiter_codec{}); }
BENCHMARK(decode_line);

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
