#include "unit-meta.h"

#include <cstring>

namespace rollcall {
namespace {

// Seconds from NTP's epoch, 1900, to Unix's, 1970 (RFC 5905).
constexpr double kNtpToUnixMs = 2208988800.0 * 1000;
constexpr uint64_t kDamaged = 1, kSilent = 2, kLate = 4;
constexpr int kFlags = 3;

GstCaps* unit_caps() {
  static GstCaps* const caps = gst_caps_new_empty_simple("timestamp/x-rollcall-unit");
  return caps;
}

GstCaps* ntp_caps() {
  static GstCaps* const caps = gst_caps_new_empty_simple("timestamp/x-ntp");
  return caps;
}

GstCaps* rtp_caps() {
  static GstCaps* const caps = gst_caps_new_empty_simple("timestamp/x-rollcall-rtp");
  return caps;
}

GstCaps* arrival_caps() {
  static GstCaps* const caps = gst_caps_new_empty_simple("timestamp/x-rollcall-arrival");
  return caps;
}

/**
 * GstBaseSrc takes a time behind the segment's end for the end of the stream, also where pictures that are shown earlier
 * follow.
 */
Owned<GstSample> open_ended(const Unit& unit, GstBuffer* buffer) {
  GstSample* sample = unit.sample.get();
  GstSegment segment;
  gst_segment_copy_into(gst_sample_get_segment(sample), &segment);
  segment.stop = GST_CLOCK_TIME_NONE;
  return Owned<GstSample>(gst_sample_new(buffer, gst_sample_get_caps(sample), &segment, nullptr));
}

}  // namespace

Owned<GstSample> marked(const Unit& unit, UnitMark mark, const ParameterSets& parameters) {
  const Owned<GstBuffer> buffer(gst_buffer_copy(unit.buffer()));
  // It would flush the decoder, and with it what is needed.
  GST_BUFFER_FLAG_UNSET(buffer.get(), GST_BUFFER_FLAG_DISCONT);
  const uint64_t value = mark.number << kFlags | (mark.damaged ? kDamaged : 0) | (mark.silent ? kSilent : 0) |
                         (mark.late ? kLate : 0);
  gst_buffer_add_reference_timestamp_meta(buffer.get(), unit_caps(), value, mark.pts);
  const auto arrived_ns = static_cast<uint64_t>(unit.arrived_at_ms * 1e6);
  gst_buffer_add_reference_timestamp_meta(buffer.get(), arrival_caps(), arrived_ns, GST_CLOCK_TIME_NONE);
  if (unit.rtp_time) gst_buffer_add_reference_timestamp_meta(buffer.get(), rtp_caps(), *unit.rtp_time, GST_CLOCK_TIME_NONE);
  if (parameters) {
    GstMemory* memory = gst_allocator_alloc(nullptr, parameters->size(), nullptr);
    GstMapInfo map;
    if (gst_memory_map(memory, &map, GST_MAP_WRITE)) {
      std::memcpy(map.data, parameters->data(), parameters->size());
      gst_memory_unmap(memory, &map);
    }
    gst_buffer_prepend_memory(buffer.get(), memory);
  }
  return open_ended(unit, buffer.get());
}

Owned<GstSample> unmarked(const Unit& unit) { return open_ended(unit, unit.buffer()); }

std::optional<UnitMark> mark_of(GstBuffer* frame) {
  const GstReferenceTimestampMeta* meta = gst_buffer_get_reference_timestamp_meta(frame, unit_caps());
  if (!meta) return std::nullopt;
  const auto has = [&](uint64_t flag) { return (meta->timestamp & flag) != 0; };
  return UnitMark{meta->timestamp >> kFlags, has(kDamaged), has(kSilent), has(kLate), meta->duration};
}

std::optional<uint32_t> rtp_time_of(GstBuffer* frame) {
  const GstReferenceTimestampMeta* meta = gst_buffer_get_reference_timestamp_meta(frame, rtp_caps());
  if (!meta) return std::nullopt;
  return static_cast<uint32_t>(meta->timestamp);
}

std::optional<double> unit_arrived_at_ms(GstBuffer* frame) {
  const GstReferenceTimestampMeta* meta = gst_buffer_get_reference_timestamp_meta(frame, arrival_caps());
  if (!meta) return std::nullopt;
  return static_cast<double>(meta->timestamp) / 1e6;
}

std::optional<double> ntp_at_ms(GstBuffer* buffer) {
  const GstReferenceTimestampMeta* meta = gst_buffer_get_reference_timestamp_meta(buffer, ntp_caps());
  if (!meta || !GST_CLOCK_TIME_IS_VALID(meta->timestamp)) return std::nullopt;
  return static_cast<double>(meta->timestamp) / 1e6 - kNtpToUnixMs;
}

}  // namespace rollcall
