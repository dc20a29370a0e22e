// What a shared libweir exports: what bears this mark, and nothing else. The rooms are compiled
// with everything else hidden.
//
// A class is marked where it has a member that is not inline, with all that is in it; so is a
// function or a variable that a header declares and a source defines.
#pragma once

#define WEIR_API [[gnu::visibility("default")]]
