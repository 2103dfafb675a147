// The services of the data plane as it serves them: every message as raw bytes, so that
// what is malformed gets an error of ours, and what is fast needs no protobuf objects.
#ifndef RCUKV_SERVER_SERVICE_RAW_SERVICES_H_
#define RCUKV_SERVER_SERVICE_RAW_SERVICES_H_

#include "proto/grpc/health/v1/health.grpc.pb.h"
#include "proto/rcukv/v1/kv.grpc.pb.h"

namespace rcukv {

class RawKeyValueService final
    : public v1::KeyValueService::WithRawMethod_Get<
          v1::KeyValueService::WithRawMethod_BatchGet<
              v1::KeyValueService::WithRawMethod_StreamBatchGet<
                  v1::KeyValueService::WithRawMethod_Put<
                      v1::KeyValueService::WithRawMethod_Delete<
                          v1::KeyValueService::WithRawMethod_BatchWrite<
                              v1::KeyValueService::WithRawMethod_Txn<
                                  v1::KeyValueService::WithRawMethod_Scan<
                                      v1::KeyValueService::WithRawMethod_Watch<
                                          v1::KeyValueService::Service>>>>>>>>> {};

// On the queues of the data plane, and not gRPC's own: that one is served by queues and
// threads of gRPC's, which would take events from the serving threads.
class RawHealthService final : public grpc::health::v1::Health::WithRawMethod_Check<
                                   grpc::health::v1::Health::WithRawMethod_Watch<
                                       grpc::health::v1::Health::Service>> {};

struct RawServices {
  RawKeyValueService key_value;
  RawHealthService health;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_RAW_SERVICES_H_
