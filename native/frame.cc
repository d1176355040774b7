#include "frame.h"

#include <utility>

#include "jpeg-work.h"
#include "unit-meta.h"

namespace rollcall {
namespace {

struct Birth {
  const Frame& frame;
  std::shared_ptr<FramePixels> pixels;
};

const char* matrix_name(const GstVideoInfo& info) {
  switch (info.colorimetry.matrix) {
    case GST_VIDEO_COLOR_MATRIX_BT2020:
      return "bt2020";
    case GST_VIDEO_COLOR_MATRIX_BT601:
    case GST_VIDEO_COLOR_MATRIX_FCC:  // BT.601 within rounding.
      return "bt601";
    case GST_VIDEO_COLOR_MATRIX_BT709:
    case GST_VIDEO_COLOR_MATRIX_SMPTE240M:
      return "bt709";
    default:
      return info.height > 576 ? "bt709" : "bt601";
  }
}

/** A buffer's own metadata may say anything: a stride below the width, or a negative one (a picture upside down). */
bool has_whole_rows(const GstVideoFrame& frame) {
  const int chroma = (frame.info.width + 1) / 2 * (GST_VIDEO_INFO_FORMAT(&frame.info) == GST_VIDEO_FORMAT_NV12 ? 2 : 1);
  for (guint plane = 0; plane < GST_VIDEO_FRAME_N_PLANES(&frame); ++plane) {
    if (GST_VIDEO_FRAME_PLANE_STRIDE(&frame, plane) < (plane == 0 ? frame.info.width : chroma)) return false;
  }
  return true;
}

}  // namespace

FramePixels::FramePixels(GstBuffer* buffer, const GstVideoInfo& info, PictureMaker& maker,
                         std::shared_ptr<PicturePool> pool)
    : pool_(std::move(pool)) {
  mapped_ = gst_video_frame_map(&full_, &info, buffer, GST_MAP_READ);
  if (mapped_ && !has_whole_rows(full_)) {
    gst_video_frame_unmap(&full_);
    mapped_ = false;
  }
  if (!mapped_) return;
  size_ = maker.size();
  picture_ = pool_->take(picture_bytes());
  maker.make(full_, picture_.get());
}

void FramePixels::release() {
  if (!std::exchange(mapped_, false)) return;
  gst_video_frame_unmap(&full_);
  pool_->give_back(std::move(picture_), picture_bytes());
}

Napi::Function FrameObject::define(Napi::Env env) {
  return DefineClass(env, "NativeFrame",
                     {InstanceMethod<&FrameObject::encode_jpeg>("encodeJpeg"), InstanceMethod<&FrameObject::close>("close")});
}

Napi::Object FrameObject::create(const Napi::FunctionReference& constructor, const Frame& frame,
                                 std::shared_ptr<FramePixels> pixels) {
  Birth birth{frame, std::move(pixels)};
  return constructor.New({Napi::External<Birth>::New(constructor.Env(), &birth)});
}

FrameObject::FrameObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<FrameObject>(info) {
  const Napi::Env env = info.Env();
  if (info.Length() != 1 || !info[0].IsExternal()) throw Napi::TypeError::New(env, "Frames come from take()");
  const Birth& birth = *info[0].As<Napi::External<Birth>>().Data();
  pixels_ = birth.pixels;
  const GstVideoFrame& full = pixels_->full();
  const GstVideoInfo& video = full.info;
  const bool nv12 = GST_VIDEO_INFO_FORMAT(&video) == GST_VIDEO_FORMAT_NV12;
  const GstClockTime pts = GST_BUFFER_PTS(full.buffer);

  Napi::Object self = info.This().As<Napi::Object>();
  self.Set("seq", Napi::Number::New(env, static_cast<double>(birth.frame.seq)));
  self.Set("ptsNs", Napi::BigInt::New(env, GST_CLOCK_TIME_IS_VALID(pts) ? static_cast<int64_t>(pts) : int64_t{-1}));
  self.Set("arrivedAtMs", Napi::Number::New(env, birth.frame.arrived_at_ms));
  const std::optional<double> received = unit_arrived_at_ms(full.buffer);
  self.Set("unitArrivedAtMs", received ? Napi::Number::New(env, *received) : env.Null());
  const std::optional<double> ntp = ntp_at_ms(full.buffer);
  self.Set("ntpAtMs", ntp ? Napi::Number::New(env, *ntp) : env.Null());
  const std::optional<uint32_t> rtp_time = rtp_time_of(full.buffer);
  self.Set("rtpTime", rtp_time ? Napi::Number::New(env, *rtp_time) : env.Null());
  self.Set("damaged", Napi::Boolean::New(env, birth.frame.damaged));
  self.Set("format", nv12 ? "NV12" : "I420");
  self.Set("width", Napi::Number::New(env, video.width));
  self.Set("height", Napi::Number::New(env, video.height));
  self.Set("matrix", matrix_name(video));
  self.Set("fullRange", Napi::Boolean::New(env, video.colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255));

  const int chroma_height = (video.height + 1) / 2;
  const int chroma_bytes = (video.width + 1) / 2 * (nv12 ? 2 : 1);
  Napi::Array planes = Napi::Array::New(env, nv12 ? 2 : 3);
  for (uint32_t index = 0; index < planes.Length(); ++index) {
    const size_t stride = GST_VIDEO_FRAME_PLANE_STRIDE(&full, index);
    const size_t rows = index == 0 ? video.height : chroma_height;
    // Up to the last pixel: with cropping, the padding of the last row can lie outside the memory.
    const size_t bytes = (rows - 1) * stride + (index == 0 ? video.width : chroma_bytes);
    Napi::Object plane = Napi::Object::New(env);
    plane.Set("data", share(env, GST_VIDEO_FRAME_PLANE_DATA(&full, index), bytes));
    plane.Set("stride", Napi::Number::New(env, static_cast<double>(stride)));
    planes.Set(index, plane);
  }
  self.Set("planes", planes);

  Napi::Object picture = Napi::Object::New(env);
  picture.Set("width", Napi::Number::New(env, pixels_->picture_size().width));
  picture.Set("height", Napi::Number::New(env, pixels_->picture_size().height));
  picture.Set("data", share(env, pixels_->picture(), pixels_->picture_bytes()));
  self.Set("picture", picture);
}

Napi::Value FrameObject::share(Napi::Env env, void* data, size_t bytes) {
  // The views keep the pixels alive even when the frame object has been collected, unclosed.
  using Hint = std::shared_ptr<FramePixels>;
  Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(
      env, data, bytes, [](Napi::Env, void*, Hint* hint) { delete hint; }, new Hint(pixels_));
  shared_.push_back(Napi::Persistent(buffer));
  return Napi::Uint8Array::New(env, bytes, buffer, 0);
}

Napi::Value FrameObject::encode_jpeg(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const int quality = quality_of(info[0]);
  if (!pixels_) return rejected(env, "encodeJpeg: the frame is closed");
  if (quality == 0) return rejected(env, "encodeJpeg: quality must be a number from 1 to 100");
  const Size size = pixels_->picture_size();
  const uint8_t* data = pixels_->picture();
  return encode_elsewhere(env, {{data, data + pixels_->picture_bytes()}, size.width, size.height}, quality);
}

void FrameObject::close(const Napi::CallbackInfo&) {
  if (!pixels_) return;
  for (const auto& buffer : shared_) buffer.Value().Detach();
  shared_.clear();
  pixels_->release();
  pixels_.reset();
}

}  // namespace rollcall
