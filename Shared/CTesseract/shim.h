#include <leptonica/allheaders.h>
#include <tesseract/capi.h>

// `TessMonitorSetDeadlineMSecs` counts from the monitor's making, and `TessBaseAPIRecognize` takes it; both are plain C, but the opaque types come as C++
// classes: this keeps Swift away from them.
static inline int hearth_tesseract_recognize(TessBaseAPI *api, int milliseconds) {
    ETEXT_DESC *monitor = TessMonitorCreate();
    TessMonitorSetDeadlineMSecs(monitor, milliseconds);
    int failed = TessBaseAPIRecognize(api, monitor);
    TessMonitorDelete(monitor);
    return failed;
}
