// Standard input, output and error, whatever the parent process left of them.

#ifndef RCUKV_CLIENTS_CLI_STANDARD_STREAMS_H_
#define RCUKV_CLIENTS_CLI_STANDARD_STREAMS_H_

namespace rcukv::cli {

// Takes the descriptors 0, 1 and 2 where they are closed, so that nothing that is opened
// later, such as a socket of gRPC, is taken for standard input or output. Reading and
// writing there fails as it does with a closed descriptor. Call it first of all.
void ReserveStandardStreams();

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_STANDARD_STREAMS_H_
