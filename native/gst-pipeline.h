#pragma once
#include <string>

#include "event-queue.h"

namespace rollcall {

/** What `launch` describes. Throws std::runtime_error with GStreamer's message when that is no pipeline. */
Owned<GstElement> parse_pipeline(const std::string& launch);

/** The appsink of this name; null when there is none. Throws std::runtime_error when the name is another element's. */
Owned<GstElement> find_appsink(GstElement* pipeline, const char* name);

/** The appsrc of this name. Throws std::runtime_error when there is none. */
Owned<GstElement> find_appsrc(GstElement* pipeline, const char* name);

/** Sets an appsrc up for samples of access units, whose times and segments it passes on. */
void configure_feed(GstElement* appsrc);
/** Sets an appsink up for decoded frames, or for access units. */
void configure_frames(GstElement* appsink);
void configure_units(GstElement* appsink);

/** An error or a warning of the bus. */
Message describe(GstMessage* message);

/** What is told when an element fails to start without saying why. */
Message not_started(GstElement* pipeline);

/** Calls `handler(message, self)` in the poster's thread, so that messages and data of one thread keep their order. */
void on_bus(GstElement* pipeline, void (*handler)(GstMessage* message, gpointer self), gpointer self);

double unix_ms();

}  // namespace rollcall
