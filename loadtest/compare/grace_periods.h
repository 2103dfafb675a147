// The grace periods between two looks at a server.
#ifndef RCUKV_LOADTEST_COMPARE_GRACE_PERIODS_H_
#define RCUKV_LOADTEST_COMPARE_GRACE_PERIODS_H_

#include "loadtest/compare/sample.h"
#include "proto/rcukv/v1/admin.pb.h"

namespace rcukv::loadtest {

// How many there were and how long they took: the mean, and an upper bound of the 99th
// percentile, as the server counts them in buckets whose bounds double. Leaves the sample
// as it is where there were none.
void AddGracePeriods(const v1::GracePeriods& before, const v1::GracePeriods& after,
                     Sample& sample);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_GRACE_PERIODS_H_
