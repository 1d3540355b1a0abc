"""How fast this stack multiplies matrices on this machine."""
import importlib
import statistics
import time


class LibraryMissing(Exception):
    """The library to be measured is not installed; says what to do about it."""


def measure(library, size, repeats):
    """Multiplies two matrices of size × size, `repeats` times after a first time that does not count.

    library: "tensorflow" or "numpy". Gives a dictionary of what is known and what was measured; times
    are in seconds. Raises LibraryMissing.
    """
    module = load(library)
    multiply = {"tensorflow": tensorflow_product, "numpy": numpy_product}[library](module, size)
    multiply()
    seconds = [timed(multiply) for _ in range(repeats)]
    median = statistics.median(seconds)
    return {
        "library": library,
        "version": module.__version__,
        "size": size,
        "repeats": repeats,
        "seconds": {"min": min(seconds), "median": median, "max": max(seconds)},
        "gflops": 2 * size**3 / median / 1e9,
        "devices": devices(library, module),
    }


def load(library):
    try:
        return importlib.import_module(library)
    except ImportError as error:
        raise LibraryMissing(
            "{0} cannot be imported ({1}). Install what Pipfile.lock names, for example with "
            "`pip install micropipenv && micropipenv install --deploy`. TensorFlow needs Python 3.11 "
            "here, a 64-bit x86 or ARM processor and 2 GB of disk; where it cannot be had, "
            "BENCHMARK_LIBRARY=numpy measures NumPy alone.".format(library, error)
        ) from error


def tensorflow_product(tensorflow, size):
    left = tensorflow.random.uniform((size, size), seed=1)
    right = tensorflow.random.uniform((size, size), seed=2)
    product = tensorflow.function(tensorflow.matmul)
    return lambda: product(left, right).numpy()


def numpy_product(numpy, size):
    generator = numpy.random.default_rng(1)
    left = generator.random((size, size), dtype=numpy.float32)
    right = generator.random((size, size), dtype=numpy.float32)
    return lambda: numpy.matmul(left, right)


def devices(library, module):
    if library != "tensorflow":
        return ["CPU"]
    return [device.device_type for device in module.config.list_physical_devices()]


def timed(call):
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
