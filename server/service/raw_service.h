// KeyValueService as the data plane serves it: every message as raw bytes, so that what
// is malformed gets an error of ours, and what is fast needs no protobuf objects.
#ifndef RCUKV_SERVER_SERVICE_RAW_SERVICE_H_
#define RCUKV_SERVER_SERVICE_RAW_SERVICE_H_

#include "proto/rcukv/v1/kv.grpc.pb.h"

namespace rcukv {

class RawService final
    : public v1::KeyValueService::WithRawMethod_Get<
          v1::KeyValueService::WithRawMethod_BatchGet<
              v1::KeyValueService::WithRawMethod_StreamBatchGet<
                  v1::KeyValueService::WithRawMethod_Put<
                      v1::KeyValueService::WithRawMethod_Delete<
                          v1::KeyValueService::WithRawMethod_Txn<
                              v1::KeyValueService::WithRawMethod_Scan<
                                  v1::KeyValueService::WithRawMethod_Watch<
                                      v1::KeyValueService::Service>>>>>>>> {};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_RAW_SERVICE_H_
