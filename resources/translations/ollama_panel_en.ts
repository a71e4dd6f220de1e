<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en_US">
<context>
    <name>Figures</name>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n waiting</numerusform>
            <numerusform>%n waiting</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>InstancesPage</name>
    <message numerus="yes">
        <source>%n request(s) in flight</source>
        <translation>
            <numerusform>%n request in flight</numerusform>
            <numerusform>%n requests in flight</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>OverviewPage</name>
    <message numerus="yes">
        <source>%n instance(s) cannot run</source>
        <translation>
            <numerusform>%n instance cannot run</numerusform>
            <numerusform>%n instances cannot run</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Requests stand still at %n instance(s)</source>
        <translation>
            <numerusform>Requests stand still at %n instance</numerusform>
            <numerusform>Requests stand still at %n instances</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The queue is paused: %n request(s) wait</source>
        <translation>
            <numerusform>The queue is paused: %n request waits</numerusform>
            <numerusform>The queue is paused: %n requests wait</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) wait for a free slot</source>
        <translation>
            <numerusform>%n request waits for a free slot</numerusform>
            <numerusform>%n requests wait for a free slot</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n instance(s) are stopped</source>
        <translation>
            <numerusform>%n instance is stopped</numerusform>
            <numerusform>%n instances are stopped</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PoolCard</name>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n waiting</numerusform>
            <numerusform>%n waiting</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Shell</name>
    <message numerus="yes">
        <source>%n request(s) are still being served.</source>
        <translation>
            <numerusform>%n request is still being served.</numerusform>
            <numerusform>%n requests are still being served.</numerusform>
        </translation>
    </message>
</context>
</TS>
