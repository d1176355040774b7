#include "moment-work.h"

#include <algorithm>
#include <stdexcept>

#include "frame.h"
#include "link.h"

namespace rollcall {
namespace {

/** A decoded picture on its way to JavaScript. */
struct Decoded {
  std::shared_ptr<FramePixels> pixels;
  Frame frame;
};

class MomentWork : public Napi::AsyncWorker {
 public:
  MomentWork(Napi::Env env, MomentOrder order)
      : Napi::AsyncWorker(env, "rollcall.picturesAt"), done_(Napi::Promise::Deferred::New(env)), order_(std::move(order)) {}
  Napi::Promise promise() const { return done_.Promise(); }

 private:
  void Execute() override {
    const auto samples = order_.pipeline->decode(order_.moment);
    for (size_t at = 0; at < samples.size(); ++at) {
      decoded_.push_back(samples[at] ? decoded(samples[at].get(), order_.moment.wanted[at]) : Decoded{});
    }
  }

  Decoded decoded(GstSample* sample, uint64_t number) {
    GstVideoInfo info;
    GstCaps* caps = gst_sample_get_caps(sample);
    PictureMaker maker(order_.picture_side);
    if (!caps || !gst_video_info_from_caps(&info, caps) || !maker.prepare(info)) {
      throw std::runtime_error("picturesAt: GStreamer cannot scale this format");
    }
    GstBuffer* buffer = gst_sample_get_buffer(sample);
    // The pool is this picture's own: it is used on this thread, and then on JavaScript's.
    auto pixels = std::make_shared<FramePixels>(buffer, info, maker, std::make_shared<PicturePool>());
    if (!pixels->mapped()) throw std::runtime_error("picturesAt: the decoder's memory cannot be mapped");
    const auto& units = order_.moment.units;
    const auto unit = std::find_if(units.begin(), units.end(), [&](const Unit& each) { return each.number == number; });
    const bool damaged = GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_CORRUPTED);
    return {std::move(pixels), {nullptr, number, unit->arrived_at_ms, damaged}};
  }

  void OnOK() override {
    const Napi::Env env = Env();
    Napi::Array frames = Napi::Array::New(env, decoded_.size());
    for (uint32_t at = 0; at < decoded_.size(); ++at) {
      auto& [pixels, frame] = decoded_[at];
      if (!pixels) frames.Set(at, env.Null());
      else frames.Set(at, FrameObject::create(env.GetInstanceData<Environment>()->frame_class, frame, std::move(pixels)));
    }
    done_.Resolve(frames);
  }
  void OnError(const Napi::Error& error) override { done_.Reject(error.Value()); }

  Napi::Promise::Deferred done_;
  MomentOrder order_;
  std::vector<Decoded> decoded_;
};

}  // namespace

Napi::Promise decode_later(Napi::Env env, MomentOrder order) {
  auto* work = new MomentWork(env, std::move(order));
  work->Queue();
  return work->promise();
}

}  // namespace rollcall
