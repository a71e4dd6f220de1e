"""What the panel remembers of hours and days: measurements, requests that have ended, and what has happened. Pure.

* series: which measurements there are, taken from the samples and the telemetry.
* thinning: many readings as one row of means, highs and lows.
* records: the finished requests and the events, and the answers to questions about all of them.
* statistics: the finished requests as histograms and counts, for Prometheus.
* hours: the finished requests by the hour, for people.

`engine/history` writes them to a file and reads them. Times are seconds since 1970, because they outlive the panel.
"""
