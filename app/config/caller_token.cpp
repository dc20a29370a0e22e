#include "app/config/caller_token.hpp"

#include <utility>

#include "app/config/auth.hpp"
#include "app/config/secret.hpp"

namespace weir::app {

result<std::string> read_caller_token(const std::string& file,
                                      const environment_variables& variables) {
    result<std::string> token =
        file.empty() ? variables(token_variable).value_or("") : read_secret(file);
    if (!token || (file.empty() && token->empty())) return token;
    const std::string_view fault = token_fault(*token);
    if (fault.empty()) return token;
    const std::string where = file.empty() ? token_variable : "the token in " + file;
    return fail(errc::invalid_argument, where + ' ' + std::string{fault});
}

}  // namespace weir::app
