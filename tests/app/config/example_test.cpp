// The configuration that ./run serves.

#include <gtest/gtest.h>

#include "app/config/config.hpp"

namespace weir::app {
namespace {

const std::string folder = WEIR_SOURCE_DIR "/examples/registry/";

config example() {
    auto loaded = load_config(folder + "weir.toml");
    if (!loaded) throw std::runtime_error{loaded.error().text()};
    return std::move(*loaded);
}

TEST(config_example, loads_without_problems) {
    const config loaded = example();
    std::vector<std::string> names;
    for (const endpoint& each : loaded.endpoints) names.push_back(each.name);
    EXPECT_EQ(names, (std::vector<std::string>{"vendor", "vendors", "lookup", "sighting_add",
                                               "sightings", "sighting"}));
    EXPECT_EQ(loaded.database.file, WEIR_SOURCE_DIR "/build/example/network.db");
    EXPECT_EQ(loaded.http.listen, (listen_address{"127.0.0.1", 8080, true}));
}

TEST(config_example, lets_a_sighting_be_of_a_mac_in_any_usual_way_and_of_nothing_else) {
    const config loaded = example();
    const parameter& mac = loaded.endpoints.at(3).parameters.at(0);
    for (const char* right :
         {"00:1b:63:84:45:e6", "00-1B-63-84-45-E6", "001B.6384.45E6", "001b638445e6"})
        EXPECT_EQ(mac.check(std::string_view{right}), std::nullopt) << right;
    for (const char* wrong : {"", "00:1b:63:84:45", "00:1b:63:84:45:e6:00", "00:1b:63:84:45:eg",
                              "001B.6384.45E6 ", "001b.638445e6", "x"})
        EXPECT_NE(mac.check(std::string_view{wrong}), std::nullopt) << wrong;
    const parameter& place = loaded.endpoints.at(3).parameters.at(1);
    EXPECT_EQ(place.check(std::string_view{"Küche 2"}), std::nullopt);
    EXPECT_NE(place.check(std::string_view{"  "}), std::nullopt);
}

}  // namespace
}  // namespace weir::app
