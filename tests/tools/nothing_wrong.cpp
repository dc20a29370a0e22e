// Compiles either way: the check that something must not compile has to fail on it.
#ifdef WEIR_MUST_NOT_COMPILE
int harmless();
#endif

int main() { return 0; }
