import Foundation
import Testing

@testable import FlexVLM

@Suite struct ComputeBackendTests {
  @Test(
    "OpenBLAS's choice of core is corrected only where it is wrong and nobody asked for it",
    arguments: [
      ("Haswell", nil, 4, "SkylakeX"),
      ("Zen", nil, 4, "SkylakeX"),
      ("Cooperlake", nil, 4, nil),
      ("SkylakeX", nil, 4, nil),
      ("Haswell", nil, 3, nil),
      ("Haswell", "Haswell", 4, nil),
    ] as [(String, String?, Int, String?)])
  func core(current: String, requested: String?, level: Int, better: String?) {
    #expect(BLAS.betterCore(than: current, requested: requested, cpuLevel: level) == better)
  }

  @Test("The backend names itself, and counts at least the core it runs on")
  func names() {
    #expect(ComputeBackend.blas.hasPrefix("OpenBLAS "))
    #expect(ComputeBackend.blas.hasSuffix(" kernels"))
    #expect((1...ProcessInfo.processInfo.processorCount).contains(ComputeBackend.coreCount))
  }
}
