#include "moment-work.h"

#include <stdexcept>

#include "frame.h"
#include "link.h"

namespace rollcall {
namespace {

class MomentWork : public Napi::AsyncWorker {
 public:
  MomentWork(Napi::Env env, MomentOrder order)
      : Napi::AsyncWorker(env, "rollcall.pictureAt"), done_(Napi::Promise::Deferred::New(env)), order_(std::move(order)) {}
  Napi::Promise promise() const { return done_.Promise(); }

 private:
  void Execute() override {
    Owned<GstSample> sample = order_.pipeline->decode(order_.moment);
    if (!sample) return;
    GstVideoInfo info;
    GstCaps* caps = gst_sample_get_caps(sample.get());
    PictureMaker maker(order_.picture_side);
    if (!caps || !gst_video_info_from_caps(&info, caps) || !maker.prepare(info)) {
      throw std::runtime_error("pictureAt: GStreamer cannot scale this format");
    }
    GstBuffer* buffer = gst_sample_get_buffer(sample.get());
    // The pool is this picture's own: it is used on this thread, and then on JavaScript's.
    pixels_ = std::make_shared<FramePixels>(buffer, info, maker, std::make_shared<PicturePool>());
    if (!pixels_->mapped()) throw std::runtime_error("pictureAt: the decoder's memory cannot be mapped");
    damaged_ = GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_CORRUPTED);
  }

  void OnOK() override {
    const Napi::Env env = Env();
    if (!pixels_) return done_.Resolve(env.Null());
    const Unit& unit = order_.moment.units.back();
    const Frame frame{nullptr, unit.number, unit.arrived_at_ms, damaged_};
    done_.Resolve(FrameObject::create(env.GetInstanceData<Environment>()->frame_class, frame, std::move(pixels_)));
  }
  void OnError(const Napi::Error& error) override { done_.Reject(error.Value()); }

  Napi::Promise::Deferred done_;
  MomentOrder order_;
  std::shared_ptr<FramePixels> pixels_;
  bool damaged_ = false;
};

}  // namespace

Napi::Promise decode_later(Napi::Env env, MomentOrder order) {
  auto* work = new MomentWork(env, std::move(order));
  work->Queue();
  return work->promise();
}

}  // namespace rollcall
