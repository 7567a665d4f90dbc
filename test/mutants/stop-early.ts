/** Set-up of the mutation run: a property that fails has killed its mutant, so nothing is shrunk, and none takes long. */
import fc from "fast-check";

fc.configureGlobal({ endOnFailure: true, seed: 1, interruptAfterTimeLimit: 200 });
