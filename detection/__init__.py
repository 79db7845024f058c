"""Is it a spike, and why: buckets, baselines, detectors and the sentence that explains a signal."""
