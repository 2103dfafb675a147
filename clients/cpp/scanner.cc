#include "clients/cpp/scanner.h"

#include <utility>

#include "clients/cpp/key_value_connection.h"

namespace rcukv {

Scanner::Scanner(std::shared_ptr<internal::KeyValueConnection> connection,
                 ScanOptions options)
    : connection_(std::move(connection)), options_(std::move(options)) {}

const Entry* Scanner::Next() {
  while (position_ == page_.size()) {
    if (finished_) return nullptr;
    FetchPage();
  }
  return &page_[position_++];
}

void Scanner::FetchPage() {
  page_.clear();
  position_ = 0;
  v1::ScanRequest request;
  request.set_table(options_.table);
  request.set_prefix(options_.prefix);
  request.set_page_size(options_.page_size);
  request.set_keys_only(options_.keys_only);
  request.set_page_token(page_token_);
  v1::ScanResponse response;
  status_ = connection_->connection().Call(
      "Scan", options_.timeout, [&](grpc::ClientContext* context) {
        return connection_->stub().Scan(context, request, &response);
      });
  finished_ = !status_.ok() || response.next_page_token().empty();
  if (!status_.ok()) return;
  page_token_ = std::move(*response.mutable_next_page_token());
  page_.reserve(response.entries_size());
  for (v1::Entry& entry : *response.mutable_entries()) {
    page_.push_back(internal::FromProto(std::move(entry)));
  }
}

}  // namespace rcukv
