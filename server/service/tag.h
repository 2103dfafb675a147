// What a completion queue hands back: the operation that came to its end.
#ifndef RCUKV_SERVER_SERVICE_TAG_H_
#define RCUKV_SERVER_SERVICE_TAG_H_

namespace rcukv {

// Runs on the thread that owns the queue.
class Tag {
 public:
  // `ok`: whether the operation did what it was to do; false also where it can no more
  // happen, because the server shuts down or the call is gone.
  virtual void OnEvent(bool ok) = 0;

 protected:
  ~Tag() = default;
};

// Calls a member function of the object that the tag is part of.
template <typename Owner, void (Owner::*handler)(bool ok)>
class MemberTag final : public Tag {
 public:
  explicit MemberTag(Owner* owner) : owner_(owner) {}
  void OnEvent(bool ok) override { (owner_->*handler)(ok); }

 private:
  Owner* const owner_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_TAG_H_
