// What every codec looks like, so that a driver carries the frames of any.
//
// A codec is sans-I/O and without state: the caller keeps the bytes, asks what stands at their
// start, and drops what was consumed. So the same bytes give the same frames however they were
// split. Of a frame that is sent it writes what stands around the payload, which is never copied.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>

#include "weir/base/bytes.hpp"
#include "weir/base/lifetime.hpp"
#include "weir/base/result.hpp"
#include "weir/frame/announced.hpp"
#include "weir/frame/decoded.hpp"

namespace weir::inline v0::frame {

// The most bytes that a header or a delimiter may have.
inline constexpr std::size_t max_header_length = 64;

// Room for the header of a frame that is about to be sent.
using header_buffer = std::array<std::byte, max_header_length>;

// How a stream ended.
enum class ending : std::uint8_t {
    clean,      // between two frames
    premature,  // inside a header or a payload: an error, and nothing of it is delivered
};

// What is sent around a payload. Lifetime: views into a header_buffer, or into the codec.
class envelope {
public:
    explicit constexpr envelope(bytes_view header, bytes_view trailer = {}) noexcept
        : header_{header}, trailer_{trailer} {}

    constexpr bytes_view header() const noexcept { return header_; }
    constexpr bytes_view trailer() const noexcept { return trailer_; }

private:
    bytes_view header_;
    bytes_view trailer_;
};

// decode: what stands at the start of the input. encode: what goes around this payload, so that
// decode finds the same; errors are too_large over max_frame_length(), and invalid_argument for a
// payload that decode would not find again. at_end: what the end of the stream means where so much
// is left that decode calls incomplete.
template <class Codec>
concept frame_codec = std::copy_constructible<Codec> &&
                      std::constructible_from<Codec, const typename Codec::options&> &&
                      requires(const Codec& codec, bytes_view bytes, header_buffer& buffer) {
                          { codec.decode(bytes) } noexcept -> std::same_as<decoded>;
                          {
                              codec.encode(bytes, buffer)
                          } noexcept -> std::same_as<result<envelope>>;
                          { codec.at_end(bytes) } noexcept -> std::same_as<ending>;
                          { codec.max_frame_length() } noexcept -> std::same_as<std::size_t>;
                      };

// Its frames say how long they are before they come, so they can be taken in pieces.
template <class Codec>
concept announcing_codec = frame_codec<Codec> && requires(const Codec& codec, bytes_view bytes) {
    { codec.announce(bytes) } noexcept -> std::same_as<announced>;
};

// It looks for the end of a frame. Told how much of the input an earlier decode has seen and found
// incomplete, it does not look through that again.
template <class Codec>
concept searching_codec =
    frame_codec<Codec> && requires(const Codec& codec, bytes_view bytes, std::size_t seen) {
        { codec.decode(bytes, seen) } noexcept -> std::same_as<decoded>;
    };

// Its frames can be taken in pieces though nobody knows how long they are before their end.
// settled: how many of the first bytes of an input that decode calls incomplete are the frame's,
// whatever follows. behind: what decodes the rest of a frame of which so many bytes, at most
// max_frame_length(), have been taken.
template <class Codec>
concept settling_codec =
    searching_codec<Codec> && requires(const Codec& codec, bytes_view bytes, std::size_t taken) {
        { codec.settled(bytes) } noexcept -> std::same_as<std::size_t>;
        { codec.behind(taken) } noexcept -> std::same_as<Codec>;
    };

// A length that is announced goes before an end that is searched for.
template <class Codec>
concept piecewise_codec = announcing_codec<Codec> || settling_codec<Codec>;

}  // namespace weir::inline v0::frame
