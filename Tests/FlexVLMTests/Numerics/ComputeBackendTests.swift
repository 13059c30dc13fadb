import Foundation
import Testing

@testable import FlexVLM

@Suite struct ComputeBackendTests {
  @Test(
    "What the processor can do decides OpenBLAS's kernels, whatever it guessed, unless the user does",
    arguments: [
      // processor, its level, what OpenBLAS takes it for, OPENBLAS_CORETYPE, the correction
      ("Skylake-X", 4, "SkylakeX", nil, nil),
      ("Cooper Lake", 4, "Cooperlake", nil, nil),
      ("Sapphire Rapids", 4, "SapphireRapids", nil, nil),
      ("Sapphire Rapids of a later release", 4, "Sapphirerapids", nil, nil),
      ("Emerald Rapids", 4, "Prescott", nil, "SkylakeX"),
      ("Granite Rapids", 4, "Nehalem", nil, "SkylakeX"),
      ("Zen 4", 4, "Zen", nil, "SkylakeX"),
      ("Zen 5", 4, "Haswell", nil, "SkylakeX"),
      ("unheard of, with AVX-512", 4, "unknown", nil, "SkylakeX"),
      ("Haswell", 3, "Haswell", nil, nil),
      ("Zen 3", 3, "Zen", nil, nil),
      ("Arrow Lake", 3, "Prescott", nil, "Haswell"),
      ("Alder Lake", 3, "Sandybridge", nil, "Haswell"),
      ("Ice Lake whose AVX-512 a hypervisor hides", 3, "SkylakeX", nil, "Haswell"),
      ("Excavator", 3, "Excavator", nil, "Haswell"),
      ("Sandy Bridge", 1, "Sandybridge", nil, nil),
      ("Core 2", 1, "Core2", nil, nil),
      ("no x86", 1, "armv8", nil, nil),
      ("Zen 5, the user's choice", 4, "Haswell", "Haswell", nil),
      ("Emerald Rapids, the user's choice", 4, "Prescott", "Prescott", nil),
      ("Zen 5, an empty choice", 4, "Haswell", "", "SkylakeX"),
    ] as [(String, Int, String, String?, String?)])
  func core(processor: String, level: Int, current: String, requested: String?, better: String?) {
    #expect(BLAS.betterCore(than: current, requested: requested, cpuLevel: level) == better)
  }

  @Test("The backend names itself, and counts at least the core it runs on")
  func names() {
    #expect(ComputeBackend.blas.hasPrefix("OpenBLAS "))
    #expect(ComputeBackend.blas.hasSuffix(" kernels"))
    #expect((1...ProcessInfo.processInfo.processorCount).contains(ComputeBackend.coreCount))
  }
}
