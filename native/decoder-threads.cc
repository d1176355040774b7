#include "decoder-threads.h"

#include <sys/resource.h>
#include <unistd.h>

#include <memory>

namespace {

constexpr int kLessUrgent = 5;

struct Call {
  GstTaskPoolFunction function;
  gpointer data;
};

gpointer run(gpointer data) {
  const std::unique_ptr<Call> call(static_cast<Call*>(data));
  const auto self = static_cast<id_t>(gettid());
  setpriority(PRIO_PROCESS, self, getpriority(PRIO_PROCESS, self) + kLessUrgent);
  call->function(call->data);
  return nullptr;
}

/** GstTaskPool: a new thread for each task. */
struct DecoderThreads {
  GstTaskPool parent;
};
struct DecoderThreadsClass {
  GstTaskPoolClass parent;
};
G_DEFINE_TYPE(DecoderThreads, rollcall_decoder_threads, GST_TYPE_TASK_POOL)

gpointer push(GstTaskPool*, GstTaskPoolFunction function, gpointer data, GError** error) {
  auto call = std::make_unique<Call>(Call{function, data});
  GThread* thread = g_thread_try_new("decoder", run, call.get(), error);
  if (thread) call.release();
  return thread;
}

void rollcall_decoder_threads_class_init(DecoderThreadsClass* type) {
  type->parent.prepare = [](GstTaskPool*, GError**) {};
  type->parent.cleanup = [](GstTaskPool*) {};
  type->parent.push = push;
  type->parent.join = [](GstTaskPool*, gpointer thread) {
    if (thread) g_thread_join(static_cast<GThread*>(thread));
  };
  type->parent.dispose_handle = [](GstTaskPool*, gpointer thread) {
    if (thread) g_thread_unref(static_cast<GThread*>(thread));
  };
}

void rollcall_decoder_threads_init(DecoderThreads*) {}

}  // namespace

namespace rollcall {

void make_less_urgent(GstMessage* message) {
  if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_STREAM_STATUS) return;
  GstStreamStatusType type;
  gst_message_parse_stream_status(message, &type, nullptr);
  const GValue* task = gst_message_get_stream_status_object(message);
  if (type != GST_STREAM_STATUS_TYPE_CREATE || !task || !G_VALUE_HOLDS(task, GST_TYPE_TASK)) return;
  auto* pool = GST_TASK_POOL(g_object_new(rollcall_decoder_threads_get_type(), nullptr));
  gst_task_set_pool(GST_TASK(g_value_get_object(task)), pool);
  gst_object_unref(pool);
}

}  // namespace rollcall
