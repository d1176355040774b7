#include "gst-pipeline.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include <stdexcept>

namespace rollcall {
namespace {

/** GStreamer gives null for a domain without a name and for an element that is being taken apart. */
const char* or_empty(const char* text) { return text ? text : ""; }

/** sync: what is newest is wanted now, not at its time. enable-last-sample: it would keep a buffer for ever. */
void configure(GstElement* appsink) {
  g_object_set(appsink, "sync", FALSE, "enable-last-sample", FALSE, "max-buffers", 2u, "drop", FALSE, nullptr);
}

/**
 * gst_parse_launch of GStreamer 1.22 keeps a reference for each property of a child that it sets (`path0::caps=…`), so that
 * the paths of every `switchbin`, with their caps, would outlive it: 15 to 40 KiB a connection. Right after parsing nobody but
 * the bin itself has one.
 */
void release_paths(GstElement* element) {
  GstElementFactory* factory = gst_element_get_factory(element);
  if (!factory || g_strcmp0(GST_OBJECT_NAME(factory), "switchbin") != 0) return;
  GstChildProxy* paths = GST_CHILD_PROXY(element);
  for (guint index = 0; index < gst_child_proxy_get_children_count(paths); ++index) {
    GObject* path = gst_child_proxy_get_child_by_index(paths, index);
    // The bin's, and this one.
    while (path && GST_OBJECT_REFCOUNT_VALUE(path) > 2) g_object_unref(path);
    if (path) g_object_unref(path);
  }
}

void release_all_paths(GstElement* pipeline) {
  GstIterator* elements = gst_bin_iterate_recurse(GST_BIN(pipeline));
  const auto each = +[](const GValue* value, gpointer) { release_paths(GST_ELEMENT(g_value_get_object(value))); };
  gst_iterator_foreach(elements, each, nullptr);
  gst_iterator_free(elements);
}

}  // namespace

Owned<GstElement> parse_pipeline(const std::string& launch) {
  GError* raw = nullptr;
  // Floating, so that the pipeline, not the parser, owns it.
  GstElement* element = gst_parse_launch_full(launch.c_str(), nullptr, GST_PARSE_FLAG_FATAL_ERRORS, &raw);
  const Owned<GError> error(raw);
  if (!element) throw std::runtime_error(error ? error->message : "the launch line is empty");
  Owned<GstElement> pipeline(GST_ELEMENT(gst_object_ref_sink(element)));
  if (!GST_IS_PIPELINE(element)) throw std::runtime_error("the launch line is a single element, not a pipeline");
  release_all_paths(element);
  return pipeline;
}

Owned<GstElement> find_appsink(GstElement* pipeline, const char* name) {
  Owned<GstElement> found(gst_bin_get_by_name(GST_BIN(pipeline), name));
  if (found && !GST_IS_APP_SINK(found.get())) {
    throw std::runtime_error(std::string("the element named '") + name + "' is not an appsink");
  }
  return found;
}

Owned<GstElement> find_appsrc(GstElement* pipeline, const char* name) {
  Owned<GstElement> found(gst_bin_get_by_name(GST_BIN(pipeline), name));
  if (found && GST_IS_APP_SRC(found.get())) return found;
  throw std::runtime_error(std::string("the decoding line has no appsrc named '") + name + "'");
}

void configure_feed(GstElement* appsrc) {
  // handle-segment-change: a recording's edit list is in its segment.
  g_object_set(appsrc, "format", GST_FORMAT_TIME, "handle-segment-change", TRUE, "emit-signals", FALSE, nullptr);
}

void configure_frames(GstElement* appsink) {
  configure(appsink);
  const Owned<GstCaps> caps(gst_caps_from_string("video/x-raw, format=(string){ I420, NV12 }"));
  g_object_set(appsink, "caps", caps.get(), nullptr);
}

void configure_units(GstElement* appsink) { configure(appsink); }

Message describe(GstMessage* message) {
  const bool is_error = GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR;
  GError* raw = nullptr;
  gchar* debug_raw = nullptr;
  (is_error ? gst_message_parse_error : gst_message_parse_warning)(message, &raw, &debug_raw);
  const Owned<GError> error(raw);
  const Owned<gchar> debug(debug_raw);
  Message result{is_error ? Message::Kind::error : Message::Kind::warning};
  if (error) {
    result.domain = or_empty(g_quark_to_string(error->domain));
    result.code = error->code;
    result.text = or_empty(error->message);
  }
  if (debug) result.debug = debug.get();
  if (GST_MESSAGE_SRC(message)) result.element = or_empty(GST_OBJECT_NAME(GST_MESSAGE_SRC(message)));
  return result;
}

Message not_started(GstElement* pipeline) {
  Message message{Message::Kind::error};
  message.domain = g_quark_to_string(GST_CORE_ERROR);
  message.code = GST_CORE_ERROR_STATE_CHANGE;
  message.text = "The pipeline could not be started.";
  message.element = GST_OBJECT_NAME(pipeline);
  return message;
}

void on_bus(GstElement* pipeline, void (*handler)(GstMessage* message, gpointer self), gpointer self) {
  struct Call {
    void (*handler)(GstMessage*, gpointer);
    gpointer self;
  };
  const Owned<GstBus> bus(gst_element_get_bus(pipeline));
  const auto forward = +[](GstBus*, GstMessage* message, gpointer data) {
    const auto* call = static_cast<Call*>(data);
    call->handler(message, call->self);
    gst_message_unref(message);
    return GST_BUS_DROP;
  };
  gst_bus_set_sync_handler(bus.get(), forward, new Call{handler, self}, [](gpointer call) { delete static_cast<Call*>(call); });
}

double unix_ms() { return static_cast<double>(g_get_real_time()) / 1000.0; }

}  // namespace rollcall
