// Conversations in the framed protocol, as docs/protocol/*.transcript writes them down; the format
// is in docs/protocol.md. For tests of either side: one plays the client's lines and expects the
// server's, the other the other way round.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace weir::inline v0 {

struct transcript_step {
    enum class kind : std::uint8_t {
        client_frame,  // `text` is its payload
        client_bytes,  // `text` is sent as it is
        client_ends,
        server_frame,
        server_ends,
        drain,        // the server is told to end
        idle,         // the server's idle timeout passes
        disk_fails,   // the server's database cannot sync any more
        token,        // `text` is what the server asks for, from the beginning
        write_token,  // likewise, in writes only
    };

    kind is;
    std::string text;
    std::size_t line;
};

using transcript = std::vector<transcript_step>;

// Throws std::runtime_error, naming the line, where the file is no transcript.
transcript read_transcript(const std::filesystem::path& file);

// All there are, in the order of their names.
std::vector<std::filesystem::path> all_transcripts();

}  // namespace weir::inline v0
